"""A stack that a command works on: its engine, and for the stack `local` the sandbox beneath it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cli import local, pulumi_cli, recovery
from cli.clients import PATIENCE, AwsClients
from cli.engine import Engine, Settings
from cli.errors import CommandError, UsageError
from cli.output import Console
from cli.project import Project
from ops.clients import Clients
from ops.token import read_token
from sandbox.aws import Clients as SandboxClients
from sandbox.folder import Daemon
from sandbox.provider.server import Provider


@dataclass(frozen=True)
class Session:
    """`daemon` is None for a stack on AWS."""

    engine: Engine
    daemon: Daemon | None

    def client(self, service: str, region: str) -> Any:
        """A boto3 client of the AWS that the stack lives in."""
        return self._clients(service, region)

    def clients(self, config: Config) -> Clients:
        """Clients of that AWS with settings of their own, such as how long they wait."""
        if self.daemon is None:
            return AwsClients(config)
        return SandboxClients(self.daemon.ports.aws_endpoint, config)

    @cached_property
    def _clients(self) -> Clients:
        return self.clients(PATIENCE)

    def deployed(self) -> dict[str, Any]:
        """The stack's outputs.

        Raises:
            CommandError: nothing is deployed.
        """
        outputs = self.engine.outputs()
        if not outputs:
            name = self.engine.settings.stack
            raise CommandError(
                f"stack {name} has no outputs: nothing is deployed. Deploy it with: antipodes up -s {name}"
            )
        return outputs

    def token(self, outputs: dict[str, Any]) -> str:
        """The API token of the stack with these outputs.

        Raises:
            CommandError: Secrets Manager does not give it.
        """
        secret = outputs["tokenSecret"]
        try:
            return read_token(self.client("secretsmanager", secret["region"]), secret["name"])
        except (BotoCoreError, ClientError) as error:
            raise CommandError(
                f"the token cannot be read from {secret['name']} in {secret['region']}: {error}"
            ) from None


def open_session(
    project: Project, stack: str, console: Console, *, writes: bool = True, cities: list[str] | None = None
) -> Session:
    """The session of `stack`. `cities` (for `up` alone) starts the sandbox where it is not running.

    One that `writes` first brings a stack that an earlier command was killed on to a state that the engine can go on
    from; one that only reads may do so while another command is at work.

    Raises:
        UsageError: there is no such stack.
        CommandError: no CLI to be had, no sandbox running, or another command at work on the stack.
    """
    if stack != local.STACK:
        if not project.stack_file(stack).exists():
            raise UsageError(f"no stack {stack!r}: there is no {project.stack_file(stack).name} in this project.")
        return Session(Engine(project, Settings(stack, project.root, pulumi_cli.ensure(project, console), {})), None)
    local.keep_off_proxies()
    cli = pulumi_cli.ensure(project, console)
    if cities is None:
        daemon = local.require_running(project)
    else:
        with console.working("Starting the embedded AWS"):
            daemon = local.start(project, cities)
        console.done(f"Embedded AWS at {daemon.ports.aws_endpoint}, {len(daemon.cities)} edge locations")
    engine = Engine(project, local.settings(project, daemon, cli))
    if writes:
        _recover(project, engine, daemon, console)
    return Session(engine, daemon)


def _recover(project: Project, engine: Engine, daemon: Daemon, console: Console) -> None:
    if recovery.clear_dead_lock(engine, local.backend(project)):
        console.done("Cleared the lock of a command that is gone")
    provider = Provider(SandboxClients(daemon.ports.aws_endpoint), daemon.ports.provider)
    recovered = recovery.resolve_pending(engine, local.backend(project), provider.find)
    for name in recovered.adopted:
        console.done(f"Took in {name}, which an interrupted command had made")
    for name in recovered.dropped:
        console.done(f"Forgot {name}, which an interrupted command had not made")

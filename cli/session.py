"""A stack that a command works on: what its backend keeps of it, and the AWS that it lives in."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cli import engine_settings, local
from cli.clients import PATIENCE, AwsClients
from cli.errors import CommandError
from cli.output import Console
from cli.project import Project
from cli.stack_state import AskedState, StackState, StateFile
from ops.clients import Clients
from ops.token import read_token
from sandbox.aws import Clients as SandboxClients
from sandbox.folder import Daemon


@dataclass(frozen=True)
class Session:
    """`daemon` is None for a stack on AWS."""

    stack: str
    state: StackState
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
        outputs = self.state.outputs()
        if not outputs:
            raise CommandError(
                f"stack {self.stack} has no outputs: nothing is deployed. Deploy it with: antipodes up -s {self.stack}"
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


def open_session(project: Project, stack: str, console: Console) -> Session:
    """The session of `stack` for a command that leaves it to the engine as it is, and may run while another is at work.

    Raises:
        UsageError: there is no such stack.
        CommandError: no sandbox running, or for a stack on AWS no CLI to be had.
    """
    if stack != local.STACK:
        return Session(stack, AskedState(engine_settings.on_aws(project, stack, console)), None)
    local.keep_off_proxies()
    daemon = local.require_running(project)
    return Session(stack, StateFile(local.backend(project), stack), daemon)

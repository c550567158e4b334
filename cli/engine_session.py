"""A session of a command that has the engine work: apart, since importing the SDK takes longer than most commands."""

from dataclasses import dataclass

from cli import engine_settings, local, pulumi_cli, recovery
from cli.engine import Engine
from cli.output import Console
from cli.project import Project
from cli.session import Session
from cli.stack_state import AskedState, StateFile
from sandbox.aws import Clients
from sandbox.folder import Daemon
from sandbox.provider.server import Provider


@dataclass(frozen=True)
class EngineSession(Session):
    """A session with the engine of the stack."""

    engine: Engine


def open_engine(project: Project, stack: str, console: Console, *, cities: list[str] | None = None) -> EngineSession:
    """The session of `stack`, made where the backend has none of that name; one that an earlier command was killed on
    is first brought to a state that the engine can go on from.

    `cities` (for `up` alone) starts the sandbox where it is not running.

    Raises:
        UsageError: there is no such stack.
        CommandError: no CLI to be had, no sandbox running, or another command at work on the stack.
    """
    if stack != local.STACK:
        settings = engine_settings.on_aws(project, stack, console)
        return EngineSession(stack, AskedState(settings), None, Engine(project, settings))
    local.keep_off_proxies()
    cli = pulumi_cli.ensure(project, console)
    if cities is None:
        daemon = local.require_running(project)
    else:
        with console.working("Starting the embedded AWS"):
            daemon = local.start(project, cities)
        console.done(f"Embedded AWS at {daemon.ports.aws_endpoint}, {len(daemon.cities)} edge locations")
    engine = Engine(project, engine_settings.of_local(project, daemon, cli))
    _recover(project, engine, daemon, console)
    return EngineSession(stack, StateFile(local.backend(project), stack), daemon, engine)


def _recover(project: Project, engine: Engine, daemon: Daemon, console: Console) -> None:
    if recovery.clear_dead_lock(engine, local.backend(project)):
        console.done("Cleared the lock of a command that is gone")
    provider = Provider(Clients(daemon.ports.aws_endpoint), daemon.ports.provider)
    recovered = recovery.resolve_pending(engine, local.backend(project), provider.find)
    for name in recovered.adopted:
        console.done(f"Took in {name}, which an interrupted command had made")
    for name in recovered.dropped:
        console.done(f"Forgot {name}, which an interrupted command had not made")

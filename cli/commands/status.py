"""`antipodes status`."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from botocore.config import Config
from rich.console import Console as RichConsole

from cli import local, operation, show, status_view
from cli.app import Json, Stack, one_command
from cli.output import Console
from cli.outputs import public
from cli.project import HERE
from cli.session import Session, open_session
from ops import status as work
from ops.errors import OperationError
from sandbox.errors import ViewerError

app = one_command()

_BRIEF = Config(connect_timeout=1.5, read_timeout=2.5, retries={"total_max_attempts": 1})
_DNS_SECONDS = 3.0


@app.command(epilog="Example:  antipodes status --json")
def status(stack: Stack = local.STACK, *, json: Json = False) -> None:
    """Shows each region's state, health, traffic and lag, what was last done, and for `local` who serves which city."""
    console = Console(as_json=json)
    session = open_session(HERE, stack, console)
    outputs = session.deployed()
    with console.working("Asking every region"), ThreadPoolExecutor(max_workers=1) as beside:
        named = beside.submit(_named, session, outputs)
        now = _look(session, outputs, console)
        # As if the config had drained what the switch has: the edge sends nobody there in either case.
        served = {**outputs, "drained": now.drained} if now else outputs
        places = _places(session, served, named, console)
    version = outputs.get("version")

    def show_all(out: RichConsole) -> None:
        if now:
            status_view.warning(out, now)
        show.status(out, served, places)
        if now:
            status_view.regions(out, now, version)
            status_view.operations(out, now)

    seen = status_view.document(now, version) if now else {}
    console.result({**public(outputs), "edges": places, **seen}, show_all)


def _look(session: Session, outputs: Mapping[str, Any], console: Console) -> work.Status | None:
    """What the regions tell; None where they cannot, which is said."""
    try:
        return work.look(operation.deployment(session, _BRIEF, outputs))
    except OperationError as error:
        console.note(str(error))
        return None


def _named(session: Session, outputs: Mapping[str, Any]) -> dict[str, str | None]:
    return show.named(session.daemon, outputs, _DNS_SECONDS) if session.daemon else {}


def _places(
    session: Session, outputs: Mapping[str, Any], named: Future[dict[str, str | None]], console: Console
) -> list[dict[str, Any]]:
    """The sandbox's edge locations; none where its DNS does not answer, which is said."""
    if session.daemon is None:
        return []
    try:
        return show.places(session.daemon, outputs, named.result())
    except ViewerError as error:
        console.note(str(error))
        return []

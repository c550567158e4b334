"""`antipodes refresh`."""

from cli import local, show
from cli.app import Json, Stack, one_command
from cli.engine_session import open_engine
from cli.output import Console
from cli.project import HERE

app = one_command()


@app.command(epilog="Example:  antipodes refresh")
def refresh(stack: Stack = local.STACK, *, json: Json = False) -> None:
    """Reads what AWS holds into the stack's state, and shows what had drifted from it."""
    console = Console(as_json=json)
    session = open_engine(HERE, stack, console)
    with console.working("Refreshing"):
        report = session.engine.refresh()
    console.result(show.report(report), lambda out: show.drift(out, report))

"""`antipodes preview`."""

from cli import deploying, local, show
from cli.app import Json, Stack, one_command
from cli.engine_session import open_engine
from cli.output import Console
from cli.project import HERE

app = one_command()


@app.command(epilog="Examples:  antipodes preview  ·  antipodes preview -s prod --json")
def preview(stack: Stack = local.STACK, *, json: Json = False) -> None:
    """Shows what `up` would change, property by property, and what the policy pack says of it."""
    console = Console(as_json=json)
    session = open_engine(HERE, stack, console)
    with console.working("Previewing, with the policy pack"):
        report = session.engine.preview()
    deploying.warn(console, report)
    verdict = session.engine.judged(report)
    console.result(show.judged_report(report, verdict), lambda out: show.plan(out, report, verdict))

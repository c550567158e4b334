"""`antipodes restore`."""

from typing import Annotated

import typer

from cli import local, operation
from cli.app import Json, Stack, app
from cli.clients import HASTE
from cli.operation import Yes
from cli.output import Console
from ops import restore as work
from ops import switching


@app.command(epilog="Examples:  antipodes restore sydney  ·  antipodes restore sydney -s prod --yes --json")
def restore(
    key: Annotated[str, typer.Argument(help="The region's key.")],
    stack: Stack = local.STACK,
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Brings a drained region back into rotation, once it is healthy."""
    console = Console(as_json=json)
    to = operation.open_deployment(stack, console, HASTE)
    with console.working("Asking every region"):
        found = switching.look(to, work.WHAT, key)
    plan = work.plan(to, key, found)
    operation.carry_out(console, to, plan, lambda record: work.act(to, key, found, record), region=key, yes=yes)

"""`antipodes drain`."""

from typing import Annotated

import typer

from cli import local, operation
from cli.app import Json, Stack, app
from cli.clients import HASTE
from cli.operation import Yes
from cli.output import Console
from ops import drain as work
from ops import switching


@app.command(epilog="Examples:  antipodes drain sydney  ·  antipodes drain sydney -s prod --yes --json")
def drain(
    key: Annotated[str, typer.Argument(help="The region's key.")],
    stack: Stack = local.STACK,
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Takes a region out of rotation without a deployment, also while the region itself or Route 53's API is down."""
    console = Console(as_json=json)
    to = operation.open_deployment(stack, console, HASTE)
    with console.working("Asking every region"):
        found = switching.look(to, work.WHAT, key)
    plan = work.plan(to, key, found)
    operation.carry_out(console, to, plan, lambda record: work.act(to, key, found, record), region=key, yes=yes)

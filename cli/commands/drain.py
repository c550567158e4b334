"""`antipodes drain`."""

from typing import Annotated

import typer

from cli import local
from cli.app import Json, Stack, one_command
from cli.operation import Yes
from cli.switching import switch
from ops import drain as work

app = one_command()


@app.command(epilog="Examples:  antipodes drain sydney  ·  antipodes drain sydney -s prod --yes --json")
def drain(
    key: Annotated[str, typer.Argument(help="The region's key.")],
    stack: Stack = local.STACK,
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Takes a region out of rotation without a deployment, also while the region itself or Route 53's API is down."""
    switch(work.WHAT, work.plan, work.act, key=key, stack=stack, yes=yes, json=json)

"""`antipodes restore`."""

from typing import Annotated

import typer

from cli import local
from cli.app import Json, Stack, one_command
from cli.operation import Yes
from cli.switching import switch
from ops import restore as work

app = one_command()


@app.command(epilog="Examples:  antipodes restore sydney  ·  antipodes restore sydney -s prod --yes --json")
def restore(
    key: Annotated[str, typer.Argument(help="The region's key.")],
    stack: Stack = local.STACK,
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Brings a drained region back into rotation, once it is healthy."""
    switch(work.WHAT, work.plan, work.act, key=key, stack=stack, yes=yes, json=json)

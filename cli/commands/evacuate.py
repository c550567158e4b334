"""`antipodes evacuate`."""

from typing import Annotated

import typer

from cli import local
from cli.app import Json, Stack, one_command
from cli.operation import Yes, carry_out, open_deployment
from cli.output import Console
from ops import evacuate as evacuation

app = one_command()

Timeout = Annotated[
    float,
    typer.Option("--timeout", min=0, help="How long clients may take to leave, in seconds where the stack lives."),
]


@app.command(epilog="Examples:  antipodes evacuate sydney  ·  antipodes evacuate sydney -s prod --yes --timeout 1800")
def evacuate(
    region: Annotated[str, typer.Argument(help="The key of the region to leave.")],
    stack: Stack = local.STACK,
    timeout: Timeout = evacuation.TIMEOUT,
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Moves all traffic off a region: drains it, moves its WebSocket subscribers, and waits until nobody is left."""
    console = Console(as_json=json)
    deployment = open_deployment(stack, console)
    with console.working("Asking every region"):
        found = evacuation.look(deployment, region)
        plan = evacuation.plan(deployment, region, found)
    carry_out(
        console,
        deployment,
        plan,
        lambda record: evacuation.act(deployment, region, found, record, timeout),
        region=region,
        yes=yes,
    )

"""`antipodes up`."""

from typing import Annotated

import typer

from cli import deploying, local, show
from cli.app import Json, Stack, one_command
from cli.engine_session import open_engine
from cli.output import Console
from cli.outputs import public
from cli.project import HERE

app = one_command()

City = Annotated[
    list[str] | None,
    typer.Option(
        "--city",
        help="A city to have an edge location in, instead of the usual six; may be repeated. Local only.",
    ),
]
DeleteTable = Annotated[
    list[str] | None,
    typer.Option(
        "--delete-table",
        help="A table, no longer declared in api/tables.yaml, to delete with all its rows; may be repeated.",
    ),
]


@app.command(epilog="Examples:  antipodes up  ·  antipodes up --city Nairobi --city Lima  ·  antipodes up -s prod")
def up(stack: Stack = local.STACK, city: City = None, delete_table: DeleteTable = None, *, json: Json = False) -> None:
    """Deploys the stack: previews it with the policy pack, stops there if a rule is broken, then makes it so."""
    console = Console(as_json=json)
    cities = city or []
    local.require_known(cities)
    session = open_engine(HERE, stack, console, cities=cities)
    plan = deploying.preview(session, console, delete_table or [])
    report, outputs = deploying.deploy(session, console, plan)
    if plan.changed:
        deploying.settle(session, console, outputs)
    if session.daemon is None:
        console.result(public(outputs), lambda out: out.print(outputs["url"]))
        return
    daemon = session.daemon
    places = show.places(daemon, outputs, show.named(daemon, outputs))
    console.result(
        {**show.report(report), **public(outputs), "edges": places},
        lambda out: show.local_stack(out, daemon, outputs, places),
    )

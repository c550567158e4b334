"""`antipodes request`."""

from typing import Annotated

import typer

from cli import local, show
from cli.app import Json, one_command
from cli.errors import CommandError
from cli.output import Console
from cli.outputs import host
from cli.project import HERE
from cli.session import open_session
from sandbox import viewer

app = one_command()


@app.command(epilog="Example:  antipodes request --from London 'query { listEvents { items { name } } }'")
def request(
    query: Annotated[str, typer.Argument(help="A GraphQL document.")],
    place: Annotated[str, typer.Option("--from", help="The city that the request comes from.")],
    *,
    json: Json = False,
) -> None:
    """Sends a GraphQL request through a city's edge location, and prints the answer and who gave it."""
    console = Console(as_json=json)
    local.require_known([place])
    daemon = local.require_running(HERE)
    if place not in daemon.cities:
        raise CommandError(
            f"the sandbox has no edge location in {place}; it has {', '.join(daemon.cities)}. "
            f"For another: make down, then antipodes up --city '{place}'."
        )
    session = open_session(HERE, local.STACK, console)
    outputs = session.deployed()
    ca = HERE.sandbox / daemon.ca
    answer = viewer.ask(daemon.ports, ca, place, host(outputs), query, session.token(outputs))
    console.result(show.answer(answer, outputs), lambda out: show.answered(out, answer, outputs))
    if answer.status != 200:  # noqa: PLR2004 - HTTP
        raise typer.Exit(1)

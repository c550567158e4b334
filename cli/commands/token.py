"""`antipodes token`."""

from cli import local
from cli.app import Json, Stack, one_command
from cli.output import Console
from cli.project import HERE
from cli.session import open_session

app = one_command()


@app.command(epilog='Example:  curl -H "Authorization: $(antipodes token)" ...')
def token(stack: Stack = local.STACK, *, json: Json = False) -> None:
    """Prints the API token, from Secrets Manager."""
    console = Console(as_json=json)
    session = open_session(HERE, stack, console)
    value = session.token(session.deployed())
    console.result({"token": value}, lambda out: out.print(value, markup=False))

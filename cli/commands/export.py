"""`antipodes export`."""

from cli import local
from cli.app import Stack, one_command
from cli.output import Console
from cli.project import HERE
from cli.session import open_session

app = one_command()


@app.command(epilog="Example:  antipodes export > state.json")
def export(stack: Stack = local.STACK) -> None:
    """Prints the stack's exported state as JSON, secrets encrypted."""
    console = Console(as_json=True)
    console.result(open_session(HERE, stack, console).state.export(), lambda _: None)

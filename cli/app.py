"""The `antipodes` command, to which each module of `cli/commands/` adds its own, and the options that many have."""

from typing import Annotated

import typer

app = typer.Typer(
    help="One HTTPS endpoint for an API, served from the nearest of the AWS regions that you list.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack; `local` is the embedded AWS on this machine.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document, for scripts.")]

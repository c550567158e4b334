"""`antipodes check`."""

from pathlib import Path
from typing import Annotated

import typer

from cli.app import Json, one_command
from cli.output import Console
from cli.policies import checking, text
from cli.policies.document import document
from cli.project import HERE

app = one_command()

Stacks = Annotated[
    list[str] | None, typer.Option("--stack", "-s", help="A stack to check; may be repeated. By default `local`.")
]


@app.command(epilog="Examples:  antipodes check --all --markdown summary.md  ·  antipodes check --state state.json")
def check(
    stack: Stacks = None,
    state: Annotated[
        Path | None, typer.Option("--state", help="An exported state to check, as `antipodes export` prints it.")
    ] = None,
    sarif: Annotated[Path | None, typer.Option("--sarif", help="Write a SARIF file too, for code scanning.")] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write a Markdown file too, to comment a pull request with.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Check every stack that has a Pulumi.<stack>.yaml.")] = False,
    undecided: Annotated[bool, typer.Option("--undecided", help="List what could not be judged, and why.")] = False,
    json: Json = False,
) -> None:
    """Previews stacks with the policy pack as a pull request can: no AWS, no login. Exit 1 if one breaks a rule."""
    console = Console(as_json=json)
    verdicts = checking.check(HERE, checking.Asked(tuple(stack or ()), state, sarif, markdown, every=every), console)
    console.result(document(verdicts), lambda out: text.show(out, verdicts, undecided=undecided))
    if not all(verdict.ok for verdict in verdicts):
        raise typer.Exit(1)

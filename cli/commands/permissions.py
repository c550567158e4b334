"""`antipodes permissions`: the IAM policy of those who operate a stack."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cli import local, operation
from cli.app import Stack, one_command
from cli.errors import UsageError
from cli.output import Console
from ops import permissions as policy

app = one_command()

For = Annotated[
    list[str] | None,
    typer.Option(
        "--for", help="A command that is to be allowed; may be repeated. By default all that operate a stack."
    ),
]


@app.command(epilog="Examples:  antipodes permissions -s prod > operators.json  ·  antipodes permissions --for status")
def permissions(stack: Stack = local.STACK, commands: For = None) -> None:
    """Prints the IAM policy document of those who operate the stack: no administrator's rights, none to deploy.

    Print it anew when an `up` has added, removed or replaced something. `up`, `shift` and `down` deploy: they need the
    rights of whoever deploys.
    """
    asked = known(commands or policy.COMMANDS)
    console = Console(as_json=True)
    document = policy.document(operation.open_deployment(stack, console), asked)
    console.result(document, lambda _: None)
    if (length := letters(document)) > policy.MANAGED_LIMIT:
        console.note(
            f"{length:,} characters: a managed policy has at most {policy.MANAGED_LIMIT:,}, and the inline policies of "
            f"a role together {policy.ROLE_LIMIT:,}. For shorter ones, ask for the commands one by one, with --for."
        )


def known(commands: Sequence[str]) -> Sequence[str]:
    """The commands, if there can be a document for each of them.

    Raises:
        UsageError: there cannot.
    """
    if unknown := [command for command in commands if command not in policy.COMMANDS]:
        raise UsageError(
            f"--for {unknown[0]}: it is none of the commands that operate a stack, {', '.join(policy.COMMANDS)}. "
            "Those that deploy (up, shift, down) need the rights of whoever deploys."
        )
    return commands


def letters(document: Mapping[str, Any]) -> int:
    """The document's length as IAM counts it: without spaces."""
    return len(json.dumps(document, separators=(",", ":")))

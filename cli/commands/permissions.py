"""`antipodes permissions`: the IAM policy of those who operate a stack."""

from collections.abc import Sequence
from typing import Annotated

import typer

from cli import local, operation
from cli.app import Stack, one_command
from cli.errors import UsageError
from cli.output import Console
from ops import permissions as policy
from ops.policy_length import INLINE, MANAGED, length, parts

app = one_command()

For = Annotated[
    list[str] | None,
    typer.Option(
        "--for", help="A command that is to be allowed; may be repeated. By default all that operate a stack."
    ),
]


Split = Annotated[
    bool, typer.Option("--split", help="Print a list of documents, each short enough for a managed policy.")
]


@app.command(epilog="Examples:  antipodes permissions -s prod > operators.json  ·  antipodes permissions --for status")
def permissions(stack: Stack = local.STACK, commands: For = None, *, split: Split = False) -> None:
    """Prints the IAM policy document of those who operate the stack: no administrator's rights, none to deploy.

    Print it anew when an `up` has added, removed or replaced something. `up`, `shift` and `down` deploy: they need the
    rights of whoever deploys.
    """
    asked = known(commands or policy.COMMANDS)
    console = Console(as_json=True)
    document = policy.document(operation.open_deployment(stack, console), asked)
    console.result(parts(document) if split else document, lambda _: None)
    if not split and (letters := length(document)) > MANAGED:
        console.note(
            f"{letters:,} characters: a managed policy has at most {MANAGED:,}, and all inline policies of a role "
            f"together {INLINE:,}. To have shorter ones, add --split, or --for with the commands that are needed."
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

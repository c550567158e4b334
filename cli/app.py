"""The `antipodes` command, and the options that many of its own commands have."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

NAMES = (
    "up",
    "preview",
    "refresh",
    "down",
    "check",
    "status",
    "verify",
    "logs",
    "token",
    "request",
    "drain",
    "restore",
    "shift",
    "evacuate",
    "sweep",
    "permissions",
    "export",
    "fault",
)
"""Of the commands, each in its own module of `cli.commands`, in the order of the help."""

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack; `local` is the embedded AWS on this machine.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document, for scripts.")]


def one_command() -> typer.Typer:
    """The app of a module of `cli.commands`, which adds its command to it."""
    return typer.Typer(rich_markup_mode="rich", add_completion=False)


class _Commands(Mapping[str, Any]):
    """Imports the command that is asked for, and no other: what all of them need takes longer than most of them run."""

    def __getitem__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        return typer.main.get_command(import_module(f"cli.commands.{name}").app)

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


class _OnDemand(TyperGroup):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "commands": _Commands()})


app = typer.Typer(
    cls=_OnDemand,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def antipodes() -> None:
    """One HTTPS endpoint for an API, served from the nearest of the AWS regions that you list."""

"""How the command speaks: to people by default, in one JSON document for scripts."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console as RichConsole
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

_WIDEST = 250  # of a table: a narrow terminal breaks its lines, rather than have it lose text


class Console:
    """Progress and notes go to stderr, results to stdout, so that a result can be piped."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._notes = RichConsole(stderr=True, highlight=False, soft_wrap=True)
        self._out = RichConsole(highlight=False, soft_wrap=True, width=_WIDEST)

    def done(self, text: str) -> None:
        """A step that is finished."""
        self._notes.print("[green]✓[/green]", text, markup=True)

    def note(self, text: str) -> None:
        self._notes.print(text, markup=False)

    def error(self, text: str) -> None:
        if self.as_json:
            self._print_json({"error": text})
        else:
            self._notes.print("[red]error:[/red] ", end="")
            self._notes.print(text, markup=False)

    def result(self, value: Any, show: Callable[[RichConsole], None]) -> None:
        """The command's result: `value` as JSON, or what `show` prints for people."""
        if self.as_json:
            self._print_json(value)
        else:
            show(self._out)

    def line(self, value: Any, text: str) -> None:
        """One of many results that come one by one: a line of JSON, or one for people."""
        print(json.dumps(value, default=str) if self.as_json else text, flush=True)  # noqa: T201 - as it is, unwrapped

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        with self._notes.status(text):
            yield

    @contextmanager
    def counting(self, text: str, unit: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """A bar of `total` units, or a running count where the total is not known; a line where nobody watches."""
        columns = (BarColumn(), MofNCompleteColumn()) if total else (TextColumn("{task.completed} " + unit),)
        watched = self._notes.is_terminal
        if not watched:
            self.note(f"{text} ...")
        with Progress(
            SpinnerColumn(),
            TextColumn(text),
            *columns,
            TimeElapsedColumn(),
            console=self._notes,
            transient=True,
            disable=not watched,
        ) as bar:
            task = bar.add_task(text, total=total)
            yield lambda count: bar.update(task, completed=count)

    def _print_json(self, value: Any) -> None:
        print(json.dumps(value, indent=2, default=str))  # noqa: T201 - Rich would wrap and colour a script's input


def table(*columns: str) -> Table:
    """A plain table: no box, so that a line can be copied."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, no_wrap=True)
    return made

"""`antipodes logs`: what the stack's functions and APIs logged, wherever in the world they ran."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli import local, operation
from cli.app import Json, Stack, one_command
from cli.errors import UsageError
from cli.output import Console
from geography import REGIONAL_EDGE_CACHES
from ops import logs as operations
from ops.logs import Line, Logs, Source

app = one_command()

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@app.command(epilog="Examples:  antipodes logs --since 1h --filter ERROR  ·  antipodes logs --edge --follow")
def logs(
    stack: Stack = local.STACK,
    since: Annotated[str, typer.Option(help="How far back: a number and s, m, h or d.")] = "10m",
    region: Annotated[str | None, typer.Option(help="A region's key: nothing but what runs there.")] = None,
    text: Annotated[str, typer.Option("--filter", help="Only messages that hold this text.")] = "",
    *,
    edge: Annotated[bool, typer.Option("--edge", help="Only the router, wherever CloudFront ran it.")] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes, until interrupted.")] = False,
    json: Json = False,
) -> None:
    """Prints what the router, the regions' functions and their AppSync logged, in the order of time."""
    console = Console(as_json=json)
    begin = round((time.time() - seconds(since)) * 1000)
    if edge and region:
        raise UsageError("--edge and --region: what runs at the edge runs in no region of the stack. Give one of them.")
    deployment = operation.open_deployment(stack, console)
    if edge:
        where = operations.edge_sources(deployment, REGIONAL_EDGE_CACHES)
    else:
        where = operations.sources(deployment, REGIONAL_EDGE_CACHES, region)
    told: set[Source] = set()
    failed = False
    for read in _reads(operations.follow(deployment, where, begin, text), follow=follow):
        for source, reason in read.unread.items():
            failed = True
            if source not in told:
                told.add(source)
                console.note(f"not read: {source.name} in {source.region}: {reason}")
        for line in read.lines:
            console.line(document(line), shown(line))
    if failed:
        raise typer.Exit(1)


def seconds(duration: str) -> int:
    """Of `90s`, `10m`, `2h` or `1d`.

    Raises:
        UsageError: it is no duration.
    """
    found = re.fullmatch(r"(?P<number>\d+)(?P<unit>[smhd])", duration)
    if found is None:
        raise UsageError(f"--since {duration!r} is no duration: give a number and s, m, h or d, such as 10m.")
    return int(found["number"]) * _UNITS[found["unit"]]


def document(line: Line) -> dict[str, str]:
    return {"time": _time(line), "place": line.place, "function": line.source, "message": line.message}


def shown(line: Line) -> str:
    return f"{_time(line)}  {line.place}  {line.source}  {line.message}"


def _time(line: Line) -> str:
    return datetime.fromtimestamp(line.time / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _reads(all_: Iterator[Logs], *, follow: bool) -> Iterator[Logs]:
    if follow:
        yield from all_
    else:
        yield next(all_)

"""What the router costs a request, beside the published Node.js handler and beside a Python handler that does nothing.

Baselines, all in this run: `published` is the router of the published design, written anew from its description with
its cache of one millisecond; `empty Python` returns its event's request, and so is what any Python handler costs.

- back to back, and 2 ms apart: the handler's own time for each of 10,000 requests in one process, JSON already parsed.
  An instance at an edge sees about ten requests a second, so 2 ms is still denser than life.
- lookups: how often a name server on loopback was asked for a record with a TTL of 10 s, in the 10,000 spaced requests.
  It answers in a fraction of the time that a real one takes, which favours whoever asks often.
- cold start: from a fresh process to its first answer with its lookup, the median of 30, contestants taking turns.
  Python runs AWS's own runtime client. Node.js runs a minimal loop over the same Runtime API, for AWS's client comes
  with Lambda alone: its figure lacks what the client costs.
- memory: resident, after the 10,000 spaced requests. zip: as it is deployed.
"""

import json
import math
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.contestants import EMPTY, OURS, PUBLISHED, UNCOMPILED, Contestant, contestants
from bench.edge_event import query
from bench.name_server import name_server
from bench.runtime_api import cold_start

_REQUESTS = 10_000
_GAP = 0.002  # seconds
_ROUNDS = 3  # of requests back to back, which take moments
_STARTS = 30
_SECONDS = 300.0  # after which a process that serves requests is given up
_KEY = "ireland"
_HOST = "ireland-appsync.example.com"
_TTL = 10  # seconds
_JITTER = 0.1  # of the TTL, by which an answer may be asked for early

_MOST_ADDED = 3.0  # microseconds
_MOST_SHARE = 0.1
_MOST_START = 1.1
_MOST_ZIP = 40  # KB


@dataclass(frozen=True)
class _Requests:
    """Requests through one process: microseconds of the median and of the 99th of 100, and what they took."""

    median: float
    p99: float
    lookups: int
    seconds: float
    memory: float
    """MB."""


@dataclass(frozen=True)
class _Result:
    dense: _Requests
    spaced: _Requests
    cold: float
    """Milliseconds."""
    zipped: float
    """KB."""


def run(console: Console) -> None:
    """Prints the figures of each contestant, and the goals."""
    with tempfile.TemporaryDirectory() as home:
        event = Path(home) / "event.json"
        event.write_text(json.dumps(query()), encoding="utf-8")
        running = contestants(Path(home))
        colds = _cold_starts(running, event, console)
        results = {
            each.name: _Result(*_warm(each, event, console), colds[each.name], each.zipped / 1024) for each in running
        }
    for table in (_table(results), _sizes(results), _goals(results)):
        console.print(table)
        console.print()


def _cold_starts(running: list[Contestant], event: Path, console: Console) -> dict[str, float]:
    """Milliseconds of the median, by contestant."""
    taken: dict[str, list[float]] = {each.name: [] for each in running}
    with name_server(_KEY, _TTL) as server:
        for _ in track(range(_STARTS), "cold starts", console=console, transient=True):
            for each in running:
                seconds, _answer = cold_start(
                    each.instance(server.address),
                    each.folder,
                    each.environment(server.address),
                    event.read_bytes(),
                )
                taken[each.name].append(seconds)
    return {name: statistics.median(seconds) * 1e3 for name, seconds in taken.items()}


def _warm(each: Contestant, event: Path, console: Console) -> tuple[_Requests, _Requests]:
    """Back to back, the median of some rounds; and spaced."""
    with console.status(f"{each.name}: {_REQUESTS:,} requests back to back, and {_GAP * 1e3:.0f} ms apart"):
        rounds = [_requests(each, event, 0) for _ in range(_ROUNDS)]
        return sorted(rounds, key=lambda requests: requests.median)[_ROUNDS // 2], _requests(each, event, _GAP)


def _requests(each: Contestant, event: Path, gap: float) -> _Requests:
    with name_server(_KEY, _TTL) as server:
        begun = time.perf_counter()
        file = event.with_name("report.json")
        command = each.requests(event, file, _REQUESTS, gap, server.address)
        subprocess.run(
            command, env=each.environment(server.address), stdout=subprocess.DEVNULL, check=True, timeout=_SECONDS
        )
        seconds = time.perf_counter() - begun
    report = json.loads(file.read_text(encoding="utf-8"))
    if each.name != EMPTY and report["host"] != _HOST:
        raise SystemExit(f"{each.name} sent the request to {report['host']} instead of {_HOST}: nothing to measure")
    times = sorted(report["times"])
    return _Requests(
        median=statistics.median(times) / 1e3,
        p99=times[len(times) * 99 // 100] / 1e3,
        lookups=server.asked,
        seconds=seconds,
        memory=report["memory"] / 2**20,
    )


def _table(results: Mapping[str, _Result]) -> Table:
    columns = ("µs back to back", "of 99 %", "lookups", "µs 2 ms apart", "of 99 %", "lookups")
    table = Table("requests", *columns, box=None)
    for name, result in results.items():
        table.add_row(name, *_cells(result.dense), *_cells(result.spaced))
    return table


def _cells(requests: _Requests) -> tuple[str, str, str]:
    return f"{requests.median:.1f}", f"{requests.p99:.1f}", f"{requests.lookups:,}"


def _sizes(results: Mapping[str, _Result]) -> Table:
    table = Table("process", "cold start ms", "of the empty one's", "memory MB", "zip KB", box=None)
    for name, result in results.items():
        start = f"{result.cold:.1f}", f"{result.cold / results[EMPTY].cold:.2f}"
        table.add_row(name, *start, f"{result.spaced.memory:.1f}", f"{result.zipped:.1f}")
    return table


def _goals(results: Mapping[str, _Result]) -> Table:
    table = Table("goal of ours", "measured", "", box=None)
    for goal, measured, met in _verdicts(results[OURS], results[EMPTY], results[PUBLISHED], results[UNCOMPILED]):
        table.add_row(goal, measured, "met" if met else "missed")
    return table


def _verdicts(ours: _Result, empty: _Result, published: _Result, plain: _Result) -> Iterator[tuple[str, str, bool]]:
    added = ours.dense.median - empty.dense.median
    yield "back to back: at most 3 µs more than an empty Python handler", f"{added:.1f} µs", added <= _MOST_ADDED
    share = ours.spaced.median / published.spaced.median
    yield "2 ms apart: under a tenth of the published handler", f"{share:.3f}", share < _MOST_SHARE
    ttls = math.ceil(ours.spaced.seconds / (_TTL * (1 - _JITTER)))
    lookups = ours.spaced.lookups
    yield "one lookup a TTL", f"{lookups} in {ours.spaced.seconds:.0f} s at {_TTL} s each", lookups <= ttls
    for how, each in (("", ours), (", where nothing could be compiled for the runtime", plain)):
        start = each.cold / empty.cold
        yield f"cold start: at most 1.1 times an empty Python handler{how}", f"{start:.2f}", start <= _MOST_START
        yield f"zip: under 40 KB{how}", f"{each.zipped:.1f} KB", each.zipped < _MOST_ZIP

"""What one edge location of the sandbox carries on two cores, and what the router adds to a request there.

Real TLS from the viewer and to the origin, the deployed zip under AWS's runtime client, real DNS; the origin does
nothing but answer. Baseline: the same distribution without a function, whose default origin is that origin, asked by
the same viewers in turn with the other.

- at full rate: each viewer asks again as soon as it has its answer, so each figure holds at the highest rate that this
  machine gives that distribution. Everything shares its cores: the edge, the functions, the origin and the viewers.
- at half the router's rate: as many requests a second to both, which come whether the last ones are answered or not.
  The difference is what the invocation costs: the way to the function's process and back, and the router in it
  (microseconds: `bench router`). On AWS that way is AWS's own.
"""

import multiprocessing
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.load_processes import edge, origin
from bench.load_stack import BARE, ORIGIN, ORIGIN_REGION, ROUTED, deploy
from bench.viewers import Outcome, Phase, viewers
from sandbox.aws import Clients
from sandbox.certificates import CertificateAuthority
from sandbox.emulator import Emulator
from sandbox.ports import Ports

_PORTS = Ports(18500)
_CITY = "London"
_VIEWERS = 8
_WARM = 2.0  # seconds
_TURNS = 6
_ROUTED_SECONDS = 10.0  # in each turn, so that the router is under load for a minute
_BARE_SECONDS = 5.0
_HALF_SECONDS = 2.0
_READY_SECONDS = 60.0
_STOP_SECONDS = 10.0
_PERCENTILES = (50, 90, 99)


def run(console: Console) -> None:
    """Prints rates and latencies with and without the router, and what it adds."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        home = Path(folder)
        ca = CertificateAuthority(home).ca_file
        emulator = Emulator(_PORTS.emulator, home / "emulator.log")
        running.callback(emulator.stop)
        emulator.start()
        running.enter_context(_process(edge, home, _PORTS.base, _CITY))
        deploy(Clients(_PORTS.aws_endpoint))
        running.enter_context(_process(origin, home, _PORTS.regions[ORIGIN_REGION], ORIGIN))
        orders = running.enter_context(_process(viewers, ca, _PORTS.edges[_CITY], _VIEWERS))

        def ask(phase: Phase) -> Outcome:
            orders.send(phase)
            outcome: Outcome = orders.recv()
            if outcome.failed:
                raise SystemExit(f"{len(outcome.failed)} requests to {phase.host} failed, at first {outcome.failed[0]}")
            return outcome

        for host in (ROUTED, BARE):
            ask(Phase(host, _WARM))
        full = [
            (ask(Phase(ROUTED, _ROUTED_SECONDS)), ask(Phase(BARE, _BARE_SECONDS)))
            for _ in track(range(_TURNS), "full rate", console=console, transient=True)
        ]
        rate = _rate(_all([routed for routed, _ in full])) / 2
        half = [
            (ask(Phase(ROUTED, _HALF_SECONDS, rate)), ask(Phase(BARE, _HALF_SECONDS, rate)))
            for _ in track(range(_TURNS), "half the rate", console=console, transient=True)
        ]
    console.print(_table({"at full rate": full, "at half the router's rate": half}))
    for when, turns in (("at full rate", full), ("at half its rate", half)):
        added = statistics.median(_milliseconds(routed, 99) - _milliseconds(bare, 99) for routed, bare in turns)
        console.print(f"the router adds {added:.2f} ms at p99, {when} (median of {_TURNS} turns)", highlight=False)


def _all(outcomes: list[Outcome]) -> Outcome:
    took = [seconds for outcome in outcomes for seconds in outcome.took]
    return Outcome(took, [], sum(outcome.seconds for outcome in outcomes))


def _rate(outcome: Outcome) -> float:
    """Requests a second."""
    return len(outcome.took) / outcome.seconds


def _table(measured: Mapping[str, list[tuple[Outcome, Outcome]]]) -> Table:
    table = Table("", "requests/s", *(f"p{percent} ms" for percent in _PERCENTILES), "requests", "errors", box=None)
    for when, turns in measured.items():
        for who, outcomes in zip(("with the router", "without it"), zip(*turns, strict=True), strict=True):
            outcome = _all(list(outcomes))
            times = (f"{_milliseconds(outcome, percent):.2f}" for percent in _PERCENTILES)
            count = f"{len(outcome.took):,}"
            table.add_row(f"{who}, {when}", f"{_rate(outcome):.0f}", *times, count, str(len(outcome.failed)))
    return table


def _milliseconds(outcome: Outcome, percent: int) -> float:
    return statistics.quantiles(outcome.took, n=100)[percent - 1] * 1e3


@contextmanager
def _process(main: Callable[..., None], *told: object) -> Iterator[Connection]:
    """Runs `main(*told, connection)` in a process of its own that is ready; the other end of its connection."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=main, args=(*told, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(_READY_SECONDS):
            raise SystemExit(f"the {main.__name__} of the load test did not start within {_READY_SECONDS:.0f} seconds")
        ours.recv()
        yield ours
    finally:
        ours.close()
        process.join(_STOP_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()

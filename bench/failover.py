"""What viewers notice when a region fails, by each kind of fault, with readers, writers and subscribers in six cities.

The stack of three regions is deployed as ever, and its own health checks, records, routers and subscriptions do the
rest. Seconds are simulated: time passes a few times as fast, but this machine answers no faster, so detection comes out
later than it is. `detected`: Route 53 holds Ireland for unhealthy. `last failure`: after it no request fails. `back`:
Ireland answers again, after the fault is cleared.
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from cli import pulumi_cli
from cli.project import HERE
from tests.end_to_end.checkout import Checkout
from tests.end_to_end.incident import Incident, scene

_PORT = 18500
_REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "tokyo": "ap-northeast-1"}
_HIT = "ireland"
_MODES = {"fast": 3.0, "default": 6.0}  # the failover mode, and how fast time passes
_PAUSE = 0.5  # seconds between two requests of a reader
_PATIENCE = 300.0  # simulated seconds
_LASTS = 100.0  # simulated seconds of a fault that no region leaves for: longer than any answer of DNS is kept

_IN_IRELAND = {"region": _REGIONS[_HIT]}
_LEAVES: Mapping[str, Mapping[str, Any]] = {
    "region refuses connections": {"kind": "region-down", **_IN_IRELAND},
    "region hangs": {"kind": "region-down", "hanging": True, **_IN_IRELAND},
    "table lost": {"kind": "table-lost", "table": "example.localhost.events", **_IN_IRELAND},
    "resolvers fail": {"kind": "function-failing", "function": "resolvers", **_IN_IRELAND},
    "resolvers take 30 s": {"kind": "function-slow", "function": "resolvers", "seconds": 30, **_IN_IRELAND},
    "DynamoDB throttles": {"kind": "api-throttled", "service": "dynamodb", **_IN_IRELAND},
}
_STAYS: Mapping[str, Mapping[str, Any]] = {
    "DNS down": {"kind": "dns-down"},
    "Route 53's API down": {"kind": "control-plane-down"},
    "replication paused": {"kind": "replication-paused"},
}


def run(console: Console) -> None:
    """Prints a row for each fault, in both failover modes."""
    for mode, scale in _MODES.items():
        with _deployed(mode) as checkout:
            incidents = asyncio.run(_incidents(checkout, scale))
        console.print(_table(f"antipodes:failover: {mode}", incidents))


@contextmanager
def _deployed(mode: str) -> Iterator[Checkout]:
    found = pulumi_cli.find(HERE)
    if found is None:
        raise SystemExit("there is no Pulumi CLI: make setup")
    os.environ["PATH"] = f"{found / 'bin'}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        checkout = Checkout.make(Path(folder) / "project", _PORT)
        checkout.set_config(regions=_REGIONS, failover=mode)
        checkout.done("up")
        try:
            yield checkout
        finally:
            checkout.run("down")


async def _incidents(checkout: Checkout, scale: float) -> list[Incident]:
    found = []
    for faults, leaves in ((_LEAVES, True), (_STAYS, False)):
        for title, fault in faults.items():
            async with scene(checkout, scale, _PAUSE) as there:
                planted = _named(fault, there.outputs["functions"][_HIT])
                lasts = 0 if leaves else _LASTS
                found.append(await there.suffer(title, planted, _HIT, leaves=leaves, seconds=_PATIENCE, lasts=lasts))
    return found


def _named(fault: Mapping[str, Any], functions: Mapping[str, str]) -> Mapping[str, Any]:
    """The fault with its function's physical name, if it is a function's."""
    return {**fault, "function": functions[fault["function"]]} if "function" in fault else fault


def _table(title: str, incidents: list[Incident]) -> Table:
    columns = (
        "fault",
        "detected",
        "last failure",
        "failed",
        "writes",
        "lost",
        "reconnected",
        "told",
        "back",
        "failed then",
    )
    table = Table(*columns, title=title, title_justify="left", box=None)
    for each in incidents:
        table.add_row(
            each.fault,
            _seconds(each.detected),
            _seconds(each.last_failure),
            f"{each.failed} of {each.requests}",
            str(each.written),
            str(each.lost),
            f"{each.reconnected} of {each.subscribers}",
            "all" if each.told else "NOT ALL",
            _seconds(each.back),
            str(each.failed_back),
        )
    return table


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.0f} s"

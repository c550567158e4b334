"""The JavaScript that CloudFront runs on each viewer's request."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components import edge_orders
from components.packages import PackageError
from components.topology import Topology

LIMIT = 10 * 1024  # bytes; "Quotas on CloudFront Functions" in the Amazon CloudFront Developer Guide

MARK = 'const TABLE = {"regions": {}}; // replaced at deployment'


def place(root: Path) -> str:
    """Tells the router, which runs somewhere else, at which edge location the viewer is.

    Raises:
        PackageError: it is larger than CloudFront takes.
    """
    path = root / "edge" / "place" / "place.js"
    return _fitting(path, _bare(path.read_text(encoding="utf-8")), "Take something out.")


def router(root: Path, topology: Topology) -> str:
    """The router without Lambda, its table in it.

    Raises:
        PackageError: it is larger than CloudFront takes, or has no place for the table.
    """
    path = root / "edge" / "function" / "router.js"
    source = path.read_text(encoding="utf-8")
    if source.count(MARK) != 1:
        raise PackageError(f"{path} must have this line once, for the table to be put there: {MARK}")
    table = {
        **_chosen(topology.routes, "sticky", "writes", "diagnostics"),
        "regions": {key: _chosen(route, "host", "dial") for key, route in topology.routes["regions"].items()},
        "nearest": edge_orders.baked(topology.serving),
    }
    baked = json.dumps(table, separators=(",", ":"), sort_keys=True)
    code = _bare(source.replace(MARK, f"const TABLE = {baked};"))
    return _fitting(path, code, f"Of it, {len(baked)} are the table: use fewer regions, or antipodes:router: lambda.")


def _chosen(table: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: table[name] for name in names if name in table}


def _bare(source: str) -> str:
    """Without the lines that say something to people alone: they count towards the limit."""
    return "".join(line for line in source.splitlines(keepends=True) if not line.lstrip().startswith("//"))


def _fitting(path: Path, code: str, remedy: str) -> str:
    if (size := len(code.encode())) > LIMIT:
        raise PackageError(f"{path} is {size} bytes when deployed; a CloudFront Function has at most {LIMIT}. {remedy}")
    return code

"""What the command's results look like."""

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console as RichConsole

from cli.events import Report
from cli.output import table
from cli.outputs import by_location, edges, serving
from geography import CITIES, nearest
from ops.verify import Verified
from sandbox import viewer
from sandbox.folder import Daemon
from sandbox.regret import regret, served_by_latency_records, served_by_location

_SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
_QUERY = "{ __typename }"  # what every API answers


def changes(counts: Mapping[str, int]) -> str:
    """`76 create, 2 update, 3 same`."""
    return ", ".join(f"{n} {operation}" for operation, n in sorted(counts.items()) if n) or "nothing to do"


def policies(report: Report) -> str:
    found = len(report.violations)
    return f"{found} found" if found else "all passed"


def places(daemon: Daemon, outputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each edge location: its city, its URL and the region key that its viewers get, but for dials."""
    return [
        {"city": city, "url": f"{url}/graphql", "servedBy": _served_by(daemon, outputs, city)}
        for city, url in edges(daemon, outputs).items()
    ]


def _served_by(daemon: Daemon, outputs: Mapping[str, Any], city: str) -> str | None:
    """What Route 53 answers at the city's regional edge cache, or where the city's own place counts, the nearest."""
    if not by_location(outputs):
        return viewer.latency_key(daemon.ports, city, outputs["latencyRecord"])
    keys = {region: key for key, region in serving(outputs).items()}
    return keys[nearest(CITIES[city], keys)]


def local_stack(out: RichConsole, daemon: Daemon, outputs: Mapping[str, Any], rows: list[dict[str, Any]]) -> None:
    """The table of edge locations, and a curl line to paste."""
    status(out, outputs, rows)
    body = json.dumps({"query": _QUERY})
    out.print(
        f'\ncurl --cacert .sandbox/{daemon.ca} -H "Authorization: $(.venv/bin/antipodes token)" \\\n'
        f"  -d '{body}' {rows[0]['url']}",
        markup=False,
    )


def status(out: RichConsole, outputs: Mapping[str, Any], rows: list[dict[str, Any]]) -> None:
    names = ", ".join(f"{key} ({region}{_turned_down(key, outputs)})" for key, region in outputs["regions"].items())
    out.print(f"{outputs['url']}  served from {names}", markup=False)
    if rows:
        listed = table("edge", "url", "served by")
        for row in rows:
            listed.add_row(row["city"], row["url"], row["servedBy"] or "-")
        out.print()
        out.print(listed)
        regions = list(serving(outputs).values())
        served = served_by_location(regions) if by_location(outputs) else served_by_latency_records(regions)
        but = ", with every dial at 100" if outputs.get("dials") else ""
        out.print(f"\nBy the data{but}, {regret(served, regions)}.", markup=False)


def _turned_down(key: str, outputs: Mapping[str, Any]) -> str:
    """What keeps requests from the region, if anything does."""
    if key in outputs.get("drained", ()):
        return ", drained"
    dial = outputs.get("dials", {}).get(key)
    return "" if dial is None else f", dial {dial:g}"


def report(of: Report) -> dict[str, Any]:
    """An operation's outcome for scripts."""
    return {
        "changes": dict(of.changes),
        "steps": [
            {"operation": step.operation, "urn": step.urn, "properties": [change.__dict__ for change in step.changes]}
            for step in of.steps
        ],
        "policies": [violation.__dict__ for violation in of.violations],
    }


def plan(out: RichConsole, of: Report) -> None:
    """What would change, a resource and its properties at a time, and what the policies say of it."""
    _steps(out, of)
    out.print(f"{changes(of.changes)}; policies: {policies(of)}")
    for violation in of.violations:
        out.print(f"{violation.level} {violation.policy}: {violation.message}", markup=False)


def drift(out: RichConsole, of: Report) -> None:
    if not of.changed:
        out.print(f"No drift: {of.changes.get('same', 0)} resources are as the state has them.")
        return
    _steps(out, of)
    out.print("That had drifted. The state now has what AWS holds; `antipodes up` restores the program's.")


def _steps(out: RichConsole, of: Report) -> None:
    for step in sorted(of.steps, key=lambda step: step.resource):
        out.print(f"{_SIGNS.get(step.operation, ' ')} {step.operation} {step.resource}", markup=False)
        for change in step.changes:
            out.print(f"    {change}", markup=False)


def left(out: RichConsole, names: list[str]) -> None:
    if names:
        out.print("Left in the embedded AWS, made by no stack (gone with it now):")
        for name in names:
            out.print(f"  {name}", markup=False)


def answer(of: viewer.Answer, outputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "from": of.city,
        "status": of.status,
        "answeredBy": _key(of, outputs),
        "host": of.origin,
        "milliseconds": round(of.milliseconds, 1),
        "body": _json_or_text(of.body),
    }


def answered(out: RichConsole, of: viewer.Answer, outputs: Mapping[str, Any]) -> None:
    out.print(of.body, markup=False)
    who = _key(of, outputs)
    region = f"{who} ({outputs['regions'][who]})" if who else "no region"
    out.print(f"HTTP {of.status} from {region} to {of.city} in {of.milliseconds:.0f} ms", style="dim")


def verification(of: Verified) -> dict[str, Any]:
    return {
        "ok": of.ok,
        "checks": [
            {"check": finding.check, "ok": finding.ok, "seen": finding.seen, "remedy": finding.remedy}
            for finding in of.findings
        ],
        "replication": [
            {"from": lag.writer, "to": lag.reader, "typicalSeconds": lag.typical, "worstSeconds": lag.worst}
            for lag in of.replication
        ],
    }


def verified(out: RichConsole, of: Verified) -> None:
    """A line a check, with the remedy where one is needed, and the replication lag each way."""
    for finding in of.findings:
        out.print(f"{'✓' if finding.ok else '✗'} {finding.check}: {finding.seen}", markup=False)
        if not finding.ok:
            out.print(f"  {finding.remedy}", markup=False)
    if of.replication:
        lags = table("from", "to", "lag", "worst")
        for lag in of.replication:
            lags.add_row(lag.writer, lag.reader, _seconds(lag.typical), _seconds(lag.worst))
        out.print()
        out.print(lags)


def _seconds(value: float | None) -> str:
    return "not arrived" if value is None else f"{value:.2f} s"


def _key(of: viewer.Answer, outputs: Mapping[str, Any]) -> str | None:
    return next((key for key, regional in outputs["hosts"].items() if regional == of.origin), None)


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text

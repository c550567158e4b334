"""What the command's results look like."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rich.console import Console as RichConsole

from cli.changes import summary
from cli.events import Report
from cli.output import table
from cli.outputs import by_location, dial, edges, serving, with_viewers
from cli.policies import text, wording
from cli.policies.document import document
from cli.policies.findings import Checked
from geography import CITIES, City, city_of_region, edge_cache_of, nearest
from sandbox import viewer
from sandbox.folder import Daemon
from sandbox.regret import regret, served_by_latency_records, served_by_location

_SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
_PATIENCE = 15.0  # seconds for DNS, of a sandbox that has just been deployed to
_QUERY = "{ __typename }"  # what every API answers


def changes(counts: Mapping[str, int]) -> str:
    """`76 create, 2 update, 3 same`."""
    return ", ".join(f"{n} {operation}" for operation, n in sorted(counts.items()) if n) or "nothing to do"


def policies(verdict: Checked, *, listed: bool = False) -> str:
    """`all passed`, or the findings by level and what could not be judged, and unless that is `listed` where it is."""
    told = []
    if verdict.findings:
        told.append(wording.levels(verdict))
    if verdict.undecided:
        hint = "" if listed else ": antipodes preview lists them"
        told.append(f"{wording.undecided(verdict)}{hint}")
    return "; ".join(told) or "all passed"


def named(daemon: Daemon, outputs: Mapping[str, Any], seconds: float = _PATIENCE) -> dict[str, str | None]:
    """City -> the region key that Route 53 names at its regional edge cache, or None; all are asked at once.

    Where a city's own place counts, nobody is asked.

    Raises:
        ViewerError: DNS does not answer within `seconds`.
    """
    if by_location(outputs):
        return {}
    record = outputs["latencyRecord"]
    with ThreadPoolExecutor(max_workers=len(daemon.cities)) as pool:
        keys = pool.map(lambda city: viewer.latency_key(daemon.ports, city, record, seconds), daemon.cities)
        return dict(zip(daemon.cities, keys, strict=True))


def places(daemon: Daemon, outputs: Mapping[str, Any], by_dns: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Each edge location: its city, its URL, the region key that its viewers get, and the percentage that does.

    Args:
        daemon: the sandbox.
        outputs: the stack's.
        by_dns: what DNS has `named`.
    """
    rows = []
    for city, url in edges(daemon, outputs).items():
        key = _served_by(outputs, city, by_dns)
        rows.append({"city": city, "url": f"{url}/graphql", "servedBy": key, "dial": key and dial(outputs, key)})
    return rows


def _served_by(outputs: Mapping[str, Any], city: str, by_dns: Mapping[str, str | None]) -> str | None:
    """What Route 53 answers at the city's regional edge cache, or where the city's own place counts, the nearest.

    Where that one takes no viewers, it is the next nearest to who chooses: the router, or the edge location itself.
    """
    here = CITIES[city]
    key = _nearest(here, serving(outputs)) if by_location(outputs) else by_dns[city]
    if key is None or key in with_viewers(outputs):
        return key
    chooser = here if outputs.get("router") == "function" else city_of_region(edge_cache_of(here))
    return _nearest(chooser, with_viewers(outputs))


def _nearest(city: City, regions: Mapping[str, str]) -> str:
    keys = {region: key for key, region in regions.items()}
    return keys[nearest(city, keys)]


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
    names = {key: f"{key} ({region}{_turned_down(key, outputs)})" for key, region in outputs["regions"].items()}
    taking = with_viewers(outputs)
    out.print(f"{outputs['url']}  served from {', '.join(names[key] for key in taking)}", markup=False)
    if others := [name for key, name in names.items() if key not in taking]:
        out.print(f"deployed, without viewers: {', '.join(others)}", markup=False)
    if rows:
        listed = table("edge", "url", "served by")
        for row in rows:
            part = "" if row["dial"] in (None, 100) else f" (dial {row['dial']:g})"
            listed.add_row(row["city"], row["url"], f"{row['servedBy'] or '-'}{part}")
        out.print()
        out.print(listed)
        regions = list(taking.values())
        served = served_by_location(regions) if by_location(outputs) else served_by_latency_records(regions)
        but = ", with every dial above 0 at 100" if any(dial(outputs, key) != 100 for key in taking) else ""  # noqa: PLR2004
        out.print(f"\nBy the data{but}, {regret(served, regions)}.", markup=False)


def _turned_down(key: str, outputs: Mapping[str, Any]) -> str:
    """What keeps requests from the region, if anything does."""
    if key in outputs.get("drained", ()):
        return ", drained"
    if key not in outputs.get("dials", {}):
        return ""
    writes = ", takes the writes" if outputs.get("writes") == key else ""
    return f", dial {dial(outputs, key):g}{writes}"


def report(of: Report) -> dict[str, Any]:
    """An operation's outcome for scripts."""
    return {
        "changes": dict(of.changes),
        "steps": [
            {"operation": step.operation, "urn": step.urn, "properties": [change.__dict__ for change in step.changes]}
            for step in of.steps
        ],
    }


def judged_report(of: Report, verdict: Checked) -> dict[str, Any]:
    """A preview's outcome for scripts."""
    told = document([verdict])["stacks"][0]
    return {**report(of), "policies": {"findings": told["findings"], "undecided": told["undecided"]}}


def plan(out: RichConsole, of: Report, verdict: Checked) -> None:
    """What would change, a resource and its properties at a time, and what the policies say of it."""
    _steps(out, of)
    out.print(f"{changes(of.changes)}; policies: {policies(verdict, listed=True)}", markup=False)
    text.findings(out, verdict.findings)
    text.listed(out, verdict.undecided)


def drift(out: RichConsole, of: Report) -> None:
    if not of.changed:
        out.print(f"No drift: {of.changes.get('same', 0)} resources are as the state has them.")
        return
    _steps(out, of)
    out.print("That had drifted. The state now has what AWS holds; `antipodes up` restores the program's.")


def _steps(out: RichConsole, of: Report) -> None:
    for step in sorted(of.steps, key=lambda step: step.resource):
        out.print(f"{_SIGNS.get(step.operation, ' ')} {step.operation} {step.resource}", markup=False)
        for line in summary(step.changes, step.old, step.new):
            out.print(f"    {line}", markup=False)


def left(out: RichConsole, names: Sequence[str], retained: Sequence[str], *, gone: bool) -> None:
    """What a destroyed stack left: what it should not have, and what AWS keeps for some hours."""
    now = " (gone with it now)" if gone else ""
    if names:
        out.print(f"Left in the embedded AWS, made by no stack{now}:")
        for name in names:
            out.print(f"  {name}", markup=False)
    if retained:
        remedy = "" if gone else " When they are gone, antipodes sweep deletes it."
        out.print(f"Retained, as CloudFront has replicas of it for some hours{now}:{remedy}")
        for name in retained:
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


def _key(of: viewer.Answer, outputs: Mapping[str, Any]) -> str | None:
    return next((key for key, regional in outputs["hosts"].items() if regional == of.origin), None)


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text

"""`antipodes verify`: what is wrong with a deployed stack, link by link, and what mends it."""

from dataclasses import asdict
from itertools import groupby
from typing import Any

import typer
from rich.console import Console as RichConsole

from cli import local, operation
from cli.app import Json, Stack, one_command
from cli.output import Console, table
from ops import verify as verification
from ops.verify import Verified
from ops.verify.finding import Finding

app = one_command()


@app.command(epilog="Examples:  antipodes verify  ·  antipodes verify -s prod --json")
def verify(stack: Stack = local.STACK, *, json: Json = False) -> None:
    """Checks every link from public DNS to a subscription in each region. Exit 1 if one does not hold."""
    console = Console(as_json=json)
    deployment = operation.open_deployment(stack, console)
    with console.working("Reading every link, and writing a probe in each region"):
        verified = verification.verify(deployment)
    console.result(document(verified), lambda out: show(out, verified))
    if not verified.ok:
        raise typer.Exit(1)


def document(of: Verified) -> dict[str, Any]:
    """For scripts: each link once if it holds, else once for each finding."""
    failed = {finding.link for finding in of.findings}
    return {
        "ok": of.ok,
        "checks": [
            *({"link": each.link, "ok": True, "seen": each.good} for each in of.links if each.link not in failed),
            *({"ok": False, **asdict(finding)} for finding in of.findings),
        ],
        "replication": [
            {"from": lag.writer, "to": lag.reader, "typicalSeconds": lag.typical, "worstSeconds": lag.worst}
            for lag in of.replication
        ],
    }


def show(out: RichConsole, of: Verified) -> None:
    """A line a link, or one for each of its faults with the remedy below; then the replication lag each way."""
    for checked in of.links:
        found = [finding for finding in of.findings if finding.link == checked.link]
        if not found:
            out.print(f"✓ {checked.link}: {checked.good}", markup=False)
        # What was seen in several regions alike is told once.
        for (seen, rest), alike in groupby(sorted(found, key=_told), _told):
            findings = list(alike)
            regions = ", ".join(finding.region for finding in findings if finding.region)
            mark = "?" if findings[0].unknown else "✗"
            out.print(f"{mark} {checked.link}{f' in {regions}' if regions else ''}: {seen}", markup=False)
            out.print(f"  {rest}", markup=False)
    if of.replication:
        lags = table("from", "to", "lag", "worst")
        for lag in of.replication:
            lags.add_row(lag.writer, lag.reader, _seconds(lag.typical), _seconds(lag.worst))
        out.print()
        out.print(lags)


def _told(finding: Finding) -> tuple[str, str]:
    """What was seen, and what there is to do."""
    if finding.follows:
        return finding.seen, f"May follow from {', '.join(finding.follows)}: mend that first."
    return finding.seen, finding.remedy


def _seconds(value: float | None) -> str:
    return "not arrived" if value is None else f"{value:.2f} s"

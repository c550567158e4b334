"""What `antipodes status` looks like."""

from typing import Any

from rich.console import Console as RichConsole
from rich.text import Text

from cli.output import table
from ops.journal import Entry
from ops.measurements import MINUTES
from ops.status import Region, Status

_SHOWN = 5  # operations
_COLOURS = {"serving": "green", "dialled": "green", "drained": "yellow", "drained by config": "yellow"}
_BAD = "bold red"
_FINE = ("ok", "unknown")
_NOT_TOLD = "-"
_DIGITS = 12  # of a version


def document(of: Status, version: str | None) -> dict[str, Any]:
    """The status for scripts; None stands for what nobody told in time."""
    return {
        "failOpen": of.fails_open,
        "version": version,
        "state": {key: _region(of, key, region) for key, region in of.regions.items()},
        "operations": None if of.operations is None else [entry.__dict__ for entry in of.operations],
        "unfinished": [entry.id for entry in of.unfinished],
    }


def _region(of: Status, key: str, region: Region) -> dict[str, Any]:
    health = region.place.health
    return {
        "region": region.name,
        "state": of.state(key),
        "health": health.status,
        "why": health.why,
        "parts": dict(health.parts),
        "drained": region.place.drained or region.place.configured_out,
        "dial": region.place.dial,
        "alarms": None if region.place.alarms is None else list(region.place.alarms),
        "requests": region.requests,
        "trafficShare": region.share,
        "lagSeconds": region.lag,
        "version": health.version,
    }


def warning(out: RichConsole, of: Status) -> None:
    """What nobody may overlook, where it is so."""
    if of.fails_open:
        out.print(
            "FAIL OPEN: no region is healthy. Route 53 then takes every region for healthy, and viewers get ones that "
            "fail. Mend one, or restore one that is drained: antipodes verify says what is wrong.",
            style="bold red",
            markup=False,
        )


def regions(out: RichConsole, of: Status, version: str | None) -> None:
    """A line a region, and what is wrong below."""
    listed = table("region", "", "state", "health", f"traffic, {MINUTES} min", "lag", "version")
    for key, region in of.regions.items():
        state = of.state(key)
        dial = f" {region.place.dial:g} %" if state == "dialled" else ""
        listed.add_row(
            key,
            region.name,
            Text(f"{state}{dial}", _COLOURS.get(state, _BAD)),
            _parts(region),
            _traffic(region),
            _NOT_TOLD if region.lag is None else f"{region.lag:.2f} s",
            _version(region.place.health.version, version),
        )
    out.print()
    out.print(listed)
    for key, region in of.regions.items():
        if region.place.health.why:
            out.print(f"{key}: {region.place.health.told}", markup=False)
        if region.place.alarms:
            out.print(f"{key}: alarms raised: {', '.join(region.place.alarms)}", markup=False)


def operations(out: RichConsole, of: Status) -> None:
    """The latest operations; those that nobody finished are told apart."""
    if of.operations is None:
        out.print("\nNo region told in time what was last done.")
        return
    if not of.operations:
        return
    listed = table("operation", "of", "began", "by", "outcome")
    for entry in of.operations[:_SHOWN]:
        listed.add_row(entry.what, entry.region, entry.at, entry.by, _outcome(entry))
    out.print()
    out.print(listed)
    for entry in of.unfinished:
        out.print(
            f"Unfinished since {entry.at}: antipodes {entry.what} {entry.region}".rstrip()
            + (f" ({entry.reason})" if entry.reason else "")
            + ". If nobody is at it, run it again: it goes on from where it stopped.",
            style="yellow",
            markup=False,
        )


def _parts(region: Region) -> Text:
    """`tables ok, canary ok`, or in a word that there was no answer."""
    health = region.place.health
    states = [Text(f"{part} {state}", "" if state in _FINE else _BAD) for part, state in health.parts.items()]
    return Text(", ").join(states) if states else Text(health.status)


def _traffic(region: Region) -> str:
    if region.requests is None:
        return _NOT_TOLD
    share = "" if region.share is None else f" ({region.share:.0%})"
    return f"{region.requests:.0f}{share}"


def _version(told: str | None, deployed: str | None) -> Text:
    if told is None:
        return Text(_NOT_TOLD)
    short = told[:_DIGITS]
    return Text(short) if deployed in (None, told) else Text(f"{short}, not {str(deployed)[:_DIGITS]}", _BAD)


def _outcome(entry: Entry) -> str:
    return {"done": "done", "begun": "under way, or cut off"}.get(entry.outcome, entry.outcome)

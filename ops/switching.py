"""What `drain` and `restore` have in common: what they look at, and how they write the drain switch."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from ops import drain_switch, journal, rotation, views
from ops.deployment import Deployment
from ops.journal import Record
from ops.rotation import Rotation


@dataclass(frozen=True)
class Found:
    """What is so before a region is switched.

    Attributes:
        rotation: all regions.
        named: what DNS names to those who ask in each region.
        unfinished: whether an earlier run of the same command for the same region did not come to its end.
    """

    rotation: Rotation
    named: Mapping[str, str | None]
    unfinished: bool


def look(deployment: Deployment, what: str, key: str) -> Found:
    """Reads what the plan of the command `what` for the region `key` needs to know.

    Raises:
        OperationError: there is no such region, or the stack has no drain switch.
    """
    deployment.require(key)
    rotation.require_dns(deployment, what)
    with ThreadPoolExecutor(max_workers=2) as pool:  # a region that hangs holds each up
        around = pool.submit(rotation.look, deployment)
        told = pool.submit(journal.entries, deployment)
        named = views.named(deployment.outputs["latencyRecord"], deployment.regions, deployment.reach.resolver_in)
    left = journal.unfinished(told.result())
    return Found(around.result(), named, any((entry.what, entry.region) == (what, key) for entry in left))


def write(
    deployment: Deployment, key: str, holders: Collection[str], record: Record, *, drained: bool
) -> dict[str, str | None]:
    """Writes the switch of `key` in `holders`, and tells of each.

    Returns:
        Holder -> why it did not take it; None where it did.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    written = drain_switch.write(deployment, key, holders, drained=drained, by=record.entry.by, at=at)
    state = "drained" if drained else "not drained"
    for holder, refusal in written.items():
        if refusal is None:
            record.step(f"{holder} says that {key} is {state}.")
        else:
            record.step(f"Not written in {holder}: {refusal}. {_later(deployment, holder)}")
    return written


def _later(deployment: Deployment, holder: str) -> str:
    """What becomes of an item that could not be written."""
    if deployment.outputs["data"] == "replicated":
        return f"Replication brings it to {holder} when that is back."
    return f"Its table is its own: run the same command again when {holder} is back, or it says what it said before."

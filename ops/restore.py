"""Bringing a drained region back into rotation, by the drain switch alone."""

from ops import confirmation, drain_switch, switching
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.journal import Record
from ops.plan import Plan
from ops.rotation import Rotation
from ops.switching import Found

WHAT = "restore"


def plan(deployment: Deployment, key: str, found: Found) -> Plan:
    """What is to be done; nothing where no region says that `key` is drained.

    Raises:
        OperationError: the region is not healthy, and its viewers would get errors; or none of the regions that Route
            53's checks ask says whether it is drained.
    """
    operation, place = f"{WHAT} {key}", found.rotation.places[key]
    facts = [f"{other}: {there.told}" for other, there in found.rotation.places.items()]
    holding, silent = _holding(key, found.rotation), _silent(key, found.rotation)
    facts += [f"{holder} does not say whether {key} is drained." for holder in silent]
    if place.configured_out:
        facts.append(
            f"{key} is drained by the stack's config too: no latency record names it. To bring it back, take its "
            "drained: true out and run antipodes up."
        )
    asked = drain_switch.holders(deployment, key)
    if not holding and asked and set(asked) <= set(silent):
        raise OperationError(
            f"None of the regions that are asked whether {key} is drained answers: {', '.join(asked)}.",
            "Nothing was done. When one of them answers, run the same command again.",
        )
    if not holding and not found.unfinished:
        return Plan(operation, (*facts, f"No region that answers says that {key} is drained."), ())
    if not place.health.is_healthy:
        raise OperationError(
            f"{key} is not restored: it is {place.health.told}, and its viewers would get errors.",
            f"Mend it first (antipodes verify says what is wrong), then run antipodes restore {key}.",
        )
    steps = [f"Write in {holder} that {key} is not drained." for holder in (*holding, *silent)]
    if not place.configured_out:
        steps.append(f"Wait until DNS names {key} again; within {deployment.told('failover')['seconds']:g} s.")
    return Plan(operation, tuple(facts), tuple(steps))


def act(deployment: Deployment, key: str, found: Found, record: Record) -> None:
    """Does what the plan says, and tells the record.

    Raises:
        OperationError: none of the regions that say that it is drained takes it back, or DNS does not name the region.
    """
    holding, silent = _holding(key, found.rotation), _silent(key, found.rotation)
    written = switching.write(deployment, key, [*holding, *silent], record, drained=False)
    if holding and all(written[holder] for holder in holding):
        raise OperationError(
            f"{key} is still drained: {', '.join(holding)} say so, and did not take it back.",
            "When they answer, run the same command again.",
        )
    if not found.rotation.places[key].configured_out:
        confirmation.confirm(deployment, key, record, drained=False)


def _holding(key: str, now: Rotation) -> list[str]:
    """The regions that say that `key` is drained."""
    return [holder for holder, says in now.held.items() if holder != key and says is not None and says[key]]


def _silent(key: str, now: Rotation) -> list[str]:
    """The regions that do not say."""
    return [holder for holder, says in now.held.items() if holder != key and says is None]

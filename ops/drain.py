"""Taking a region out of rotation, without a deployment and without asking anything of that region or of Route 53."""

from collections.abc import Mapping

from ops import confirmation, drain_switch, rotation, switching
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.journal import Record
from ops.plan import Plan
from ops.rotation import Rotation
from ops.switching import Found

WHAT = "drain"
_REFUSED = "is not drained"


def plan(deployment: Deployment, key: str, found: Found) -> Plan:
    """What is to be done; nothing that an earlier drain has done.

    Raises:
        OperationError: no other region would be left to serve.
    """
    operation = f"{WHAT} {key}"
    places = found.rotation.places
    if places[key].configured_out:
        return Plan(operation, (f"{key} is drained by the stack's config: no latency record names it.",), ())
    rotation.require_another(deployment, key, found.rotation, _REFUSED)
    facts = [f"{other}: {place.told}" for other, place in places.items()]
    if deployment.outputs.get("writes") == key:
        facts.append(
            f"antipodes:writes names {key}: the edge sends all writes there, whatever DNS says. To move them, name "
            "another region there and run antipodes up."
        )
    missing = _missing(key, found.rotation)
    steps = [f"Write in {holder} that {key} is drained." for holder in missing]
    if missing or found.unfinished or key in found.named.values():
        seconds = deployment.told("failover")["seconds"]
        steps.append(f"Wait until DNS no longer names {key}; within {seconds:g} s.")
    return Plan(operation, tuple(facts), tuple(steps))


def act(deployment: Deployment, key: str, found: Found, record: Record) -> None:
    """Does what the plan says, and tells the record.

    Raises:
        OperationError: none of the regions that Route 53's checks ask took the switch, or DNS does not follow it, or
            somebody else drained the regions that were to serve.
    """
    written = switching.write(deployment, key, _missing(key, found.rotation), record, drained=True)
    _stand_back(deployment, key, found.rotation, written, record)
    asked = drain_switch.holders(deployment, key)
    if all(written.get(holder) for holder in asked):
        raise OperationError(
            f"None of the regions that are asked whether {key} is drained took it: {', '.join(asked)}.",
            f"When one of them answers, run the same command again; or antipodes shift {key} --to 0.",
        )
    confirmation.confirm(deployment, key, record, drained=True)


def _missing(key: str, now: Rotation) -> list[str]:
    """The regions that do not say yet that `key` is drained, or do not say."""
    return [holder for holder, says in now.held.items() if holder != key and (says is None or not says[key])]


def _stand_back(
    deployment: Deployment, key: str, before: Rotation, written: Mapping[str, str | None], record: Record
) -> None:
    """Takes back what this drain wrote where no other region is left to serve, as somebody drained those meanwhile.

    Of several who drain at once, whoever writes last reads what the others wrote: so one of them comes here at least.
    """
    taken = [holder for holder, refusal in written.items() if refusal is None]
    if not taken:
        return
    now = rotation.with_switch(deployment, before, drain_switch.held(deployment))
    try:
        rotation.require_another(deployment, key, now, _REFUSED)
    except OperationError:
        refused = switching.write(deployment, key, taken, record, drained=False)
        if any(refused.values()):
            record.step(f"{key} may still be drained: see antipodes status, and run antipodes restore {key}.")
        raise

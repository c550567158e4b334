"""Waiting, after a deployment, until DNS sends viewers to every region that is to have some.

A new health check has to make up its mind first, and an inverted one, as a drain switch has, begins as unhealthy ("How
Amazon Route 53 determines whether a health check is healthy", Amazon Route 53 Developer Guide).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ops import checkers, drain_switch, rotation, views
from ops.deployment import Deployment
from ops.waiting import Waiting


@dataclass(frozen=True)
class Settled:
    """How DNS sends viewers once no more is to be waited for.

    Attributes:
        serving: the keys of the regions that DNS names and Route 53's checkers find well, in order.
        missing: the key of each other that is not drained -> what is so of it, for people.
    """

    serving: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)


def settle(deployment: Deployment) -> Settled:
    """Waits no longer than a failover may take; not for a drained region, and not where nobody answers for the zone."""
    wanted = _wanted(deployment)
    if not wanted:
        return Settled()
    if not _answers(deployment):
        return Settled(missing=dict.fromkeys(wanted, f"nobody answers for {deployment.outputs['latencyRecord']}"))
    left = set(wanted)

    def is_settled() -> bool:
        named = left & set(_answers(deployment).values())
        left.difference_update([key for key in named if _is_seen_well(deployment, key)])
        return not left

    if Waiting(deployment).until(is_settled):
        return Settled(wanted)
    places = rotation.look(deployment).places
    return Settled(tuple(key for key in wanted if key not in left), {key: places[key].told for key in sorted(left)})


def _wanted(deployment: Deployment) -> tuple[str, ...]:
    """The regions that DNS should name."""
    asked = {key: drain_switch.holders(deployment, key) for key in deployment.outputs.get("healthChecks", ())}
    if not asked:  # DNS has no part in it
        return ()
    held = drain_switch.held(deployment)
    out = {*deployment.outputs["drained"], *(key for key in asked if drain_switch.is_drained(key, asked[key], held))}
    return tuple(sorted(asked.keys() - out))


def _answers(deployment: Deployment) -> dict[str, str | None]:
    return views.named(deployment.outputs["latencyRecord"], deployment.regions, deployment.reach.resolver_in)


def _is_seen_well(deployment: Deployment, key: str) -> bool:
    """Whether the region's endpoint answers well, and none that holds its drain switch says that it is drained."""
    checks = deployment.outputs["healthChecks"][key]
    try:
        switches = [checkers.get_ok(deployment, check) for check in checks["drain"].values()]
        return checkers.get_ok(deployment, checks["endpoint"]) is True and all(got is False for got in switches)
    except checkers.ApiError:  # then DNS alone tells
        return True

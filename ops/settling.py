"""Waiting, after a deployment, until DNS sends viewers to every region that is to have some.

A new health check has to make up its mind first, and an inverted one, as a drain switch has, begins as unhealthy ("How
Amazon Route 53 determines whether a health check is healthy", Amazon Route 53 Developer Guide).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ops import checkers, drain_switch, health, rotation, views
from ops.deployment import Deployment
from ops.waiting import Waiting


@dataclass(frozen=True)
class Settled:
    """How DNS sends viewers once no more is to be waited for.

    Attributes:
        serving: the keys of the regions that DNS names and that say they are healthy, in order.
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
        answers = health.ask(deployment, named)
        left.difference_update([key for key in named if answers[key].is_healthy and _is_decided(deployment, key)])
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


def _is_decided(deployment: Deployment, key: str) -> bool:
    """Whether all of Route 53's checks that ask for the drain switch have found that it is off."""
    checks = deployment.outputs["healthChecks"][key]["drain"].values()
    try:
        return all(checkers.get_ok(deployment, check) is False for check in checks)
    except checkers.ApiError:  # then DNS alone tells
        return True

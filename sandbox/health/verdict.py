"""Which health checks are healthy, by what checkers saw and by what alarms say.

Source: "How Amazon Route 53 determines whether a health check is healthy" in the Route 53 Developer Guide.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sandbox.health.check import Alarm, Calculation, HealthCheck

_SHARE = 0.18  # of the checkers; more than so many make an endpoint healthy


@dataclass(frozen=True)
class View:
    """What one checker thinks of an endpoint, and how many results in a row have spoken against it."""

    healthy: bool = True
    against: int = 0


def after(view: View, threshold: int, *, passed: bool) -> View:
    """The view after one more result; `threshold` results in a row change it, one way as the other."""
    if passed == view.healthy:
        return View(view.healthy)
    if view.against + 1 >= threshold:
        return View(passed)
    return View(view.healthy, view.against + 1)


def of_endpoint(views: Collection[View]) -> bool:
    """Whether the checkers together think that the endpoint is healthy."""
    return sum(view.healthy for view in views) > _SHARE * len(views)


def of_alarm(alarm: Alarm, state: str, *, last: bool) -> bool:
    """Whether an alarm in `state` is healthy; `last` is what it was when CloudWatch last had data."""
    if state in ("OK", "ALARM"):
        return state == "OK"
    return {"Healthy": True, "Unhealthy": False}.get(alarm.insufficient, last)


def statuses(checks: Collection[HealthCheck], found: Mapping[str, bool]) -> dict[str, bool]:
    """Whether each check is healthy, by its id.

    Args:
        checks: all that there are.
        found: what was found of endpoints and alarms; one of which nothing is known yet passes.
    """
    healthy = {check.id: _final(check, found=found.get(check.id, True)) for check in checks}
    calculated = [(check, check.of) for check in checks if isinstance(check.of, Calculation)]
    for _ in calculated:  # as often as one may stand on another
        for check, calculation in calculated:
            passing = sum(healthy.get(child, True) for child in calculation.children)
            healthy[check.id] = _final(check, found=passing >= calculation.threshold)
    return healthy


def _final(check: HealthCheck, *, found: bool) -> bool:
    return (found or check.disabled) != check.inverted

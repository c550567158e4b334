from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import normal
from ..shared.known import UNKNOWN
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.table import Route
from ..shared.verdict import Verdict, Violation
from .shared.health import Checked, asks_a_host, check_of, followed, is_inverted, region_asked
from .shared.hosts import region_of_host


def _judge(subject: Checked) -> Iterator[Verdict]:
    record, check, table = subject.record, subject.check, subject.answers.table
    # Of a record's own check, routing-health-check-inverted says that it must not be inverted.
    if not is_inverted(check) or check in check_of(record) or not asks_a_host(check):
        return
    route = subject.route
    if table is None or route is None:
        return
    if _lies_in(check, route):
        yield Violation(
            check,
            f"it is inverted, and asks {route.key}, whose latency record '{record.name}' goes by it. As a switch that "
            "drains the region it is out of reach when the region is in trouble; as the region's own health it takes "
            "up for down.",
            "Let it ask a host in another region, or remove invert_healthcheck.",
        )
    path = check.peek("resourcePath")
    named = _segments(path)
    others = sorted(key for key in table.routes if normal(key) in named)
    if others and route.key not in others:
        yield Violation(
            check,
            f"it is a switch that drains {route.key}, whose latency record '{record.name}' goes by it, and its path "
            f"{path} names {', '.join(others)}: who drains {others[0]} drains {route.key}.",
            f"Name {route.key} in its resource_path.",
        )


def _lies_in(check: Resource, route: Route) -> bool:
    host = check.peek("fqdn")
    if host is UNKNOWN:
        return route.region is not None and region_asked(check) == route.region
    if not isinstance(host, str):
        return False
    is_own = route.host is not None and normal(host) == normal(route.host)
    return is_own or (route.region is not None and region_of_host(host) == route.region)


def _segments(path: object) -> set[str]:
    return set(path.lower().partition("?")[0].split("/")) if isinstance(path, str) else set()


RULE = stack_rule(
    About(
        name="routing-drain-switch",
        title="A region is drained by a switch that lies elsewhere",
        description=(
            "An inverted health check that a region's check is calculated from must ask another region, about this one."
        ),
        fix="Let each region's inverted checks ask hosts in other regions, by a path that names the region itself.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
        severity=Severity.HIGH,
    ),
    followed,
    _judge,
)

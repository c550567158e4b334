from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import normal
from ..shared.known import UNKNOWN, NotKnownError
from ..shared.records import is_named
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.table import Route, Table
from ..shared.verdict import Verdict, Violation
from .shared.health import Checked, asks_a_host, check_of, followed, is_inverted, telling
from .shared.hosts import region_of_host

_GLOBAL = "us-east-1"
# What a check asks, and what for.
_ASKED = ("fqdn", "ipAddress", "port", "resourcePath", "searchString", "invertHealthcheck")


def _judge(subject: Checked) -> Iterator[Verdict]:
    record, check, table, route = subject.record, subject.check, subject.answers.table, subject.route
    # An inverted one is a switch: routing-drain-switch is about these.
    if table is None or route is None or (is_inverted(check) and check not in check_of(record)):
        return
    if asks_a_host(check):
        told, wrong = "asks", _wrong(check, record, table, route)
    else:
        told, wrong = "follows", _wrong_alarm(check, table, route)
    if wrong:
        yield Violation(
            check,
            f"the latency record '{record.name}', of region {route.key}, goes by it, and it {told} {wrong}: DNS drops "
            f"{route.key} when something else is down, and keeps it when it is itself.",
            _fix(check, record, route),
        )


def _fix(check: Resource, record: Resource, route: Route) -> str:
    if not asks_a_host(check):
        return f"Let the health check of {route.key} follow an alarm of that region."
    own = route.host or "the region's own host"
    fix = f'Set fqdn="{own}" on a health check of its own for {route.key}.'
    return fix if check in check_of(record) else f"{fix} If it is a switch that drains it, set invert_healthcheck=True."


def _wrong_alarm(check: Resource, table: Table, route: Route) -> str | None:
    """Whose alarm the check follows, if that is another region's."""
    region = check.peek("cloudwatchAlarmRegion")
    # What AWS measures of its global services lies there.
    if route.region is None or region in (route.region, _GLOBAL):
        return None
    others = [other.key for other in table.routes.values() if other.region == region]
    return f"an alarm of {others[0]} ({region})" if others else None


def _wrong(check: Resource, record: Resource, table: Table, route: Route) -> str | None:
    """What the check asks, if that is not the region's own."""
    host = check.peek("fqdn")
    if host is UNKNOWN:
        return _wrong_by_reference(check, route)
    if not host or (route.host and normal(host) == normal(route.host)):
        return None
    if normal(host) in table.aliases:
        return f"the global host ({host}), which any region answers"
    if is_named(record, host):
        return f"the latency records' own name ({host}), which no server has"
    return _wrong_region(host, table, route) or _shared(check, record, host)


def _wrong_region(host: str, table: Table, route: Route) -> str | None:
    for other in table.routes.values():
        if other.key != route.key and other.host and normal(host) == normal(other.host):
            return f"the host of {other.key} ({host})"
    region = region_of_host(host)
    return f"a host in {region} ({host})" if region and route.region and region != route.region else None


def _shared(check: Resource, record: Resource, host: str) -> str | None:
    others = [each for each in record.stack.of(record.kind) if each is not record and _is_asked(check, each)]
    return f"the same host as the check of '{others[0].name}' does ({host})" if others else None


def _is_asked(check: Resource, record: Resource) -> bool:
    """Whether the record goes by the same check, or by one that asks the same."""
    asked = [check.peek(key) for key in _ASKED]
    return any(other is check or [other.peek(key) for key in _ASKED] == asked for other in telling(record))


def _wrong_by_reference(check: Resource, route: Route) -> str | None:
    regions = {each.region for each in check.sources("fqdn", *{every.kind for every in check.stack.resources})}
    if not regions or not route.region or UNKNOWN in regions or regions <= {None}:
        raise NotKnownError("fqdn")
    return None if route.region in regions else f"a host in {', '.join(sorted(map(str, regions - {None})))}"


RULE = stack_rule(
    About(
        name="routing-health-check-target",
        title="A region's health check asks that region",
        description="The health check of a latency record must ask the host of the record's own region.",
        fix="Make a health check for each region, with the region's own host as its fqdn.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
        severity=Severity.HIGH,
    ),
    followed,
    _judge,
)

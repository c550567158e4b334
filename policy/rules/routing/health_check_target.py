from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import normal
from ..shared.known import UNKNOWN, NotKnownError
from ..shared.records import is_named
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.table import Route, Table
from ..shared.verdict import Verdict, Violation
from .shared.health import Checked, asks_a_host, check_of, checked
from .shared.hosts import region_of_host


def _judge(subject: Checked) -> Iterator[Verdict]:
    record, check, answers = subject.record, subject.check, subject.answers
    route = answers.route_of(record)
    if answers.table is None or route is None or not asks_a_host(check):
        return
    wrong = _wrong(check, record, answers.table, route)
    if wrong is None:
        return
    own = route.host or "the region's own host"
    yield Violation(
        check,
        f"it is the health check of the latency record '{record.name}', of region {route.key}, and asks {wrong}: DNS "
        f"drops {route.key} when something else is down, and keeps it when it is itself.",
        f'Set fqdn="{own}" on a health check of its own for {route.key}.',
    )


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
    others = [each for each in record.stack.of(record.kind) if each is not record and check in check_of(each)]
    return f"the same host as the check of '{others[0].name}' does ({host})" if others else None


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
    checked,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.records import latency_region
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.table import Route
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answer_records
from .shared.aws_regions import LATENCY_REGIONS
from .shared.hosts import apis, domains, mappings


def _judge(subject: tuple[Resource, Answers]) -> Iterator[Verdict]:
    record, answers = subject
    route = answers.route_of(record)
    region = latency_region(record)
    if route is None or None in (route.region, region) or region == route.region:
        return
    if _is_other_rules(region, record, answers, route):
        return
    yield Violation(
        record,
        f'it answers "{route.key}" to those who are near {region}, but by the router\'s table {route.key} lies in '
        f"{route.region}: viewers are sent to a region that is far from them.",
        f"Set the region of latency_routing_policies to {route.region}, or records to the key of {region}.",
    )


def _is_other_rules(region: str | None, record: Resource, answers: Answers, route: Route) -> bool:
    """A region that does not exist, one in which the key's API does lie, so that the table is wrong, or one that
    another record has: of these are routing-known-region, routing-hosts and routing-one-record-a-region.
    """
    if region not in LATENCY_REGIONS or region in _api_regions(record.stack, route):
        return True
    others = [other for other in answers.records if other is not record and latency_region(other) == region]
    return any(_is_right(other, answers) for other in others)


def _api_regions(stack: Stack, route: Route) -> set[object]:
    joined = [mapping for domain in domains(stack, route.host or "") for mapping in mappings(domain)]
    return {api.region for mapping in joined for api in apis(mapping)}


def _is_right(record: Resource, answers: Answers) -> bool:
    route = answers.route_of(record)
    return route is not None and route.region == latency_region(record)


RULE = stack_rule(
    About(
        name="routing-regions-agree",
        title="Latency records name the region that their key stands for",
        description="A latency record's AWS region must be the one that the router's table has for the record's key.",
        fix="Give each latency record the region of its key: latency_routing_policies=[{'region': region}].",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html",
        severity=Severity.HIGH,
    ),
    answer_records,
    _judge,
)

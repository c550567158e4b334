from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.answers import Answers, answer_records, key_in
from ..shared.aws_regions import LATENCY_REGIONS
from ..shared.records import region_of
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(subject: tuple[Resource, Answers]) -> Iterator[Verdict]:
    record, answers = subject
    key = key_in(record)
    route = answers.table.routes.get(key) if answers.table and key else None
    if route is None or route.region is None:
        return
    region = region_of(record)
    if region in (None, route.region) or _is_other_rules(region, record, answers):
        return
    yield Violation(
        record,
        f'it answers "{key}" to those who are near {region}, but by the router\'s table {key} lies in {route.region}: '
        "viewers are sent to a region that is far from them.",
        f"Set the region of latency_routing_policies to {route.region}, or records to the key of {region}.",
    )


def _is_other_rules(region: str | None, record: Resource, answers: Answers) -> bool:
    """A region that does not exist, or that another record has: routing-known-region and -one-record-a-region."""
    if region not in LATENCY_REGIONS:
        return True
    return any(
        region_of(other) == region for other in answers.records if other is not record and _is_right(other, answers)
    )


def _is_right(record: Resource, answers: Answers) -> bool:
    key = key_in(record)
    route = answers.table.routes.get(key) if answers.table and key else None
    return route is not None and route.region == region_of(record)


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

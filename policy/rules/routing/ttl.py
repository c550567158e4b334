from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.records import is_alias
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answer_records

MAXIMUM = 60  # seconds


def _judge(subject: tuple[Resource, Answers]) -> Iterator[Verdict]:
    record, _ = subject
    if is_alias(record):
        return
    maximum = record.stack.settings.get("maximum", MAXIMUM)
    ttl = record.read("ttl")
    if ttl is None or ttl > maximum:
        found = "has no TTL, which Route 53 refuses" if ttl is None else f"has a TTL of {ttl} s"
        yield Violation(
            record,
            f"it {found}. The router and resolvers keep an answer that long: a region that is down, or drained, gets "
            "its viewers until then.",
            f"Set ttl={maximum}, or less.",
        )


RULE = stack_rule(
    About(
        name="routing-ttl",
        title="A change of regions is seen within a minute",
        description=f"The latency records that the router asks must have a TTL of {MAXIMUM} s at most.",
        fix=f"Set ttl={MAXIMUM} on the latency records.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-shared.html",
        severity=Severity.MEDIUM,
        settings={
            "maximum": {"type": "integer", "minimum": 0, "description": f"The largest TTL, in seconds: {MAXIMUM}."}
        },
    ),
    answer_records,
    _judge,
)

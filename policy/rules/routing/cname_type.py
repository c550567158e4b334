from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answer_records


def _judge(subject: tuple[Resource, Answers]) -> Iterator[Verdict]:
    record, answers = subject
    kind = record.read("type")
    if kind != "CNAME":
        yield Violation(
            record,
            f"it is of type {kind}, but the router asks {answers.asked or 'this name'} for a CNAME: for this region "
            "there is no answer, and beside CNAMEs Route 53 refuses the record.",
            'Set type="CNAME" and records to the key of the region, and remove aliases.',
        )


RULE = stack_rule(
    About(
        name="routing-cname-type",
        title="Latency records are of the type that the router asks for",
        description="The latency records that the router asks must be of type CNAME.",
        fix='Set type="CNAME" on the latency records, with the key of the region as the value.',
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html",
        severity=Severity.CRITICAL,
    ),
    answer_records,
    _judge,
)

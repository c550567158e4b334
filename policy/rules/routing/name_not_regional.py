from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.records import name_of
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answer_records
from .shared.regional_name import regional_part


def _judge(subject: tuple[Resource, Answers]) -> Iterator[Verdict]:
    record, answers = subject
    if region := regional_part(record, answers.table):
        asked = answers.asked or "latency-routing.DOMAIN"
        yield Violation(
            record,
            f'its name, {name_of(record)}, has "{region}" in it. Route 53 chooses among records of one name, so a name '
            "for each region leaves nothing to choose, and the router asks one name for all regions.",
            f'Give the records of all regions one name without a region in it, such as name="{asked}".'
            if answers.asked != name_of(record)
            else "Give the records of all regions, and the router's table, one name without a region in it.",
        )


RULE = stack_rule(
    About(
        name="routing-name-not-regional",
        title="The latency records' name is no region's",
        description="The name of the latency records must be the same for all regions, without a region in it.",
        fix="Name the records of all regions after what they are for, such as latency-routing.DOMAIN.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html",
        severity=Severity.HIGH,
    ),
    answer_records,
    _judge,
)

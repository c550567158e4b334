from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.table import carried, parsed, source
from ..shared.verdict import Verdict, Violation


def _judge(function: Resource) -> Iterator[Verdict]:
    text = source(function)
    if text is None:
        return
    members = parsed(text)
    if members is None:
        yield Violation(
            function,
            "its table is no JSON object with regions: the router cannot read it, and answers every viewer with an "
            "error.",
            'Write the table with json.dumps: {"regions": {"ireland": {"host": ..., "region": ...}}, ...}.',
        )
    elif not members["regions"]:
        yield Violation(
            function,
            "its table has no regions, so there is nowhere to send a viewer.",
            "Put each region that takes viewers into the table.",
        )


RULE = stack_rule(
    About(
        name="routing-table",
        title="The router can read its table",
        description="The table of the router must be a JSON object with at least one region.",
        fix="Write the table with json.dumps, each region that takes viewers in it.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-the-edge.html",
        severity=Severity.CRITICAL,
    ),
    lambda stack: each(*(function for function, _ in carried(stack))),
    _judge,
)

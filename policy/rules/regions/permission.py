from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import APIS, EVENT_RULE, FUNCTION, PERMISSION, QUEUE
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict
from .shared.reference import Reference, Use, judge, uses

_CALLERS = (*APIS, EVENT_RULE, QUEUE)


def _judge(use: Use) -> Iterator[Verdict]:
    # Of an API and its authorizer, api-authorizer-permission says whether the permission is there.
    if use.resource.peek("principal") != "appsync.amazonaws.com":
        yield from judge(use)


RULE = stack_rule(
    About(
        name="regions-permission",
        title="A region's functions are called from their own region",
        description="A permission must be for a function and a caller of its own region.",
        fix="Make each region's permission from that region's function and from what calls it there.",
        url="https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
        severity=Severity.HIGH,
    ),
    uses(
        Reference(PERMISSION, "function", (FUNCTION,), "its function"),
        Reference(PERMISSION, "sourceArn", _CALLERS, "what calls it"),
    ),
    _judge,
)

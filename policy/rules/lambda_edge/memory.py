from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import QUOTAS, EdgeFunction, edge_functions

_VIEWER_LIMIT = 128  # MB; origin events have the quota of Lambda itself


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    memory = edge.function.read("memorySize") or _VIEWER_LIMIT
    if memory > _VIEWER_LIMIT and edge.runs_for_viewers():
        yield Violation(
            edge.function,
            f"{edge.carried} on a viewer event, and it has {memory} MB: CloudFront takes {_VIEWER_LIMIT} MB there.",
            f"Set memory_size={_VIEWER_LIMIT}, or run it on an origin event.",
            "memorySize",
        )


RULE = stack_rule(
    About(
        name="lambda-edge-memory",
        title="Functions on viewer events are small",
        description="A Lambda function that CloudFront runs on a viewer event must have 128 MB of memory.",
        fix="Set memory_size=128 on the function, or associate it with an origin event.",
        url=QUOTAS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _judge,
)

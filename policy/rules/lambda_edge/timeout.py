from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import QUOTAS, EdgeFunction, edge_functions

_DEFAULT = 3  # seconds, as the others
_VIEWER_LIMIT = 5
_ORIGIN_LIMIT = 30


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    timeout = edge.function.read("timeout") or _DEFAULT
    if timeout > _ORIGIN_LIMIT:
        yield _violation(edge, timeout, _ORIGIN_LIMIT, "any event")
    elif timeout > _VIEWER_LIMIT and edge.runs_for_viewers():
        yield _violation(edge, timeout, _VIEWER_LIMIT, "a viewer event")


def _violation(edge: EdgeFunction, timeout: int, limit: int, event: str) -> Violation:
    return Violation(
        edge.function,
        f"{edge.carried}, and it may take {timeout} s: CloudFront takes at most {limit} s on {event}.",
        f"Set timeout={limit} or less.",
        "timeout",
    )


RULE = stack_rule(
    About(
        name="lambda-edge-timeout",
        title="Edge functions end in time",
        description=(
            "A Lambda function that CloudFront runs must have a timeout of at most 30 s, on viewer events at most 5 s."
        ),
        fix="Lower timeout on the function.",
        url=QUOTAS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _judge,
)

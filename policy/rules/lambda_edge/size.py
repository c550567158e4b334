from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.known import NotKnownError
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import QUOTAS, EdgeFunction, edge_functions
from .shared.package import package_size

_MB = 2**20
_VIEWER_LIMIT = 1 * _MB
_ORIGIN_LIMIT = 50 * _MB


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    size = package_size(edge.function)
    if size.at_least > _ORIGIN_LIMIT:
        yield _violation(edge, size.at_least, _ORIGIN_LIMIT, "any event")
        return
    if size.whole and size.at_least <= _VIEWER_LIMIT:
        return
    if edge.runs_for_viewers():
        if size.at_least <= _VIEWER_LIMIT:
            raise NotKnownError("the size of the package")
        yield _violation(edge, size.at_least, _VIEWER_LIMIT, "a viewer event")
    elif not size.whole and edge.function.states("s3Key"):
        # Whatever else is larger than 50 MB, Lambda itself refuses.
        raise NotKnownError("the size of the package")


def _violation(edge: EdgeFunction, size: int, limit: int, event: str) -> Violation:
    return Violation(
        edge.function,
        f"{edge.carried}, and its package is {size / _MB:.1f} MB zipped: CloudFront takes at most {limit // _MB} MB "
        f"on {event}.",
        "Take out of the package what the function does not need at the edge.",
        "code",
    )


RULE = stack_rule(
    About(
        name="lambda-edge-size",
        title="The packages of edge functions are small",
        description=(
            "The zipped package of a Lambda function that CloudFront runs must be at most 50 MB, on viewer events 1 MB."
        ),
        fix="Take out of the package what the function does not need at the edge.",
        url=QUOTAS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _judge,
)

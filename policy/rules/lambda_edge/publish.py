from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import RESTRICTIONS, EdgeFunction, edge_functions


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    # A version that was published by other means has a number already.
    if all(isinstance(arn, str) and arn.rpartition(":")[2].isdigit() for arn in edge.arns):
        return
    if not edge.function.read("publish"):
        yield Violation(
            edge.function,
            f"{edge.carried}, and it publishes no version: its only one is $LATEST, which CloudFront refuses.",
            "Set publish=True on the function, and give the association its qualified_arn.",
            "publish",
        )


RULE = stack_rule(
    About(
        name="lambda-edge-publish",
        title="Edge functions have versions",
        description="A Lambda function that CloudFront runs must publish versions.",
        fix="Set publish=True on the function.",
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _judge,
)

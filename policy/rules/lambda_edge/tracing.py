from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import RESTRICTIONS, EdgeFunction, edge_functions


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    tracing = edge.function.inner("tracingConfig")
    if tracing and tracing.read("mode") == "Active":
        yield Violation(
            edge.function,
            f'{edge.carried}, and its mode is "Active": Lambda@Edge has no X-Ray, and CloudFront refuses it.',
            'Remove tracing_config, or set its mode to "PassThrough".',
            "tracingConfig",
        )


RULE = stack_rule(
    About(
        name="lambda-edge-tracing",
        title="Edge functions are not traced",
        description="A Lambda function that CloudFront runs must not be traced by X-Ray.",
        fix="Remove tracing_config from the function.",
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _judge,
)

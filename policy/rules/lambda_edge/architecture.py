from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import RESTRICTIONS, EdgeFunction, edge_functions


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    found = edge.function.read_list("architectures") or ["x86_64"]
    if found != ["x86_64"]:
        yield Violation(
            edge.function,
            f"{edge.carried}, and its architecture is {', '.join(found)}: Lambda@Edge runs on x86_64 alone.",
            'Set architectures=["x86_64"], and build what the package brings along for it.',
            "architectures",
        )


RULE = stack_rule(
    About(
        name="lambda-edge-architecture",
        title="Edge functions are for x86_64",
        description="A Lambda function that CloudFront runs must be for the architecture x86_64.",
        fix='Set architectures=["x86_64"] on the function, or leave it out.',
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import RESTRICTIONS, EdgeFunction, edge_functions


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    if edge.function.read("packageType") == "Image":
        yield Violation(
            edge.function,
            f"{edge.carried}, and it is a container image: Lambda@Edge takes zip packages alone.",
            'Give it its files in code, with runtime and handler, and set package_type="Zip".',
            "packageType",
        )


RULE = stack_rule(
    About(
        name="lambda-edge-package-type",
        title="Edge functions are zip packages",
        description="A Lambda function that CloudFront runs must be a zip package, not a container image.",
        fix='Replace image_uri by code, runtime and handler, and set package_type="Zip" on the function.',
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _judge,
)

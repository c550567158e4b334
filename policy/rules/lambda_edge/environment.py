from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from .shared.functions import RESTRICTIONS, edge_functions
from .shared.missing_feature import EdgeFeature

_FEATURE = EdgeFeature(
    "environment.variables",
    "environment variables",
    "Remove environment and write what the function needs into a file of its package.",
)

RULE = stack_rule(
    About(
        name="lambda-edge-environment",
        title="Edge functions have no environment variables",
        description="A Lambda function that CloudFront runs must have no environment variables.",
        fix=_FEATURE.fix,
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _FEATURE.judge,
)

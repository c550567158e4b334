from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from .shared.functions import RESTRICTIONS, edge_functions
from .shared.missing_feature import EdgeFeature

_FEATURE = EdgeFeature(
    "layers",
    "layers",
    "Remove layers and put their files into the function's package.",
    ("aws:lambda/layerVersion:LayerVersion",),
)

RULE = stack_rule(
    About(
        name="lambda-edge-layers",
        title="Edge functions have no layers",
        description="A Lambda function that CloudFront runs must have no layers.",
        fix=_FEATURE.fix,
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _FEATURE.judge,
)

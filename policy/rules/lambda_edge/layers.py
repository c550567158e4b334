from pulumi_policy import Severity

from ..shared.edge_feature import EdgeFeature
from ..shared.edge_functions import RESTRICTIONS, edge_functions
from ..shared.rule import About, stack_rule

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

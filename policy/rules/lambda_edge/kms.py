from pulumi_policy import Severity

from ..shared.kinds import REPLICA_KEY
from ..shared.rule import About, stack_rule
from .shared.functions import RESTRICTIONS, edge_functions
from .shared.missing_feature import EdgeFeature

_FEATURE = EdgeFeature(
    "sourceKmsKeyArn",
    "packages encrypted with a customer managed key",
    "Remove source_kms_key_arn: Lambda then encrypts the package with a key of its own.",
    ("aws:kms/key:Key", "aws:kms/alias:Alias", REPLICA_KEY),
)

RULE = stack_rule(
    About(
        name="lambda-edge-kms",
        title="Edge functions are encrypted by AWS's own key",
        description="A Lambda function that CloudFront runs must not be encrypted with a customer managed key.",
        fix=_FEATURE.fix,
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _FEATURE.judge,
)

from pulumi_policy import Severity

from ..shared.kinds import QUEUE, TOPIC
from ..shared.rule import About, stack_rule
from .shared.functions import RESTRICTIONS, edge_functions
from .shared.missing_feature import EdgeFeature

_FEATURE = EdgeFeature(
    "deadLetterConfig.targetArn",
    "dead-letter queues",
    "Remove dead_letter_config: CloudFront waits for each answer, so nothing is left over.",
    (QUEUE, TOPIC),
)

RULE = stack_rule(
    About(
        name="lambda-edge-dead-letters",
        title="Edge functions have no dead-letter queue",
        description="A Lambda function that CloudFront runs must have no dead-letter queue.",
        fix=_FEATURE.fix,
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _FEATURE.judge,
)

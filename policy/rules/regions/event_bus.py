from pulumi_policy import Severity

from ..shared.code import FUNCTION
from ..shared.rule import About, stack_rule
from .shared.deployment import GRAPHQL_API
from .shared.reference import Reference, judge, uses

_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
_QUEUE = "aws:sqs/queue:Queue"

RULE = stack_rule(
    About(
        name="regions-event-bus",
        title="A region's events go to its own API",
        description="The target of an event rule must be an API, a function or a queue of the rule's own region.",
        fix="Give the target of each region's rule the ARN of that region's API.",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html",
        severity=Severity.HIGH,
    ),
    uses(
        Reference(_TARGET, "arn", (GRAPHQL_API, FUNCTION, _QUEUE), "its target"),
        Reference(_TARGET, "rule", ("aws:cloudwatch/eventRule:EventRule",), "its rule"),
        Reference(_TARGET, "eventBusName", ("aws:cloudwatch/eventBus:EventBus",), "its bus"),
        Reference(_TARGET, "deadLetterConfig.arn", (_QUEUE,), "its dead-letter queue"),
    ),
    judge,
)

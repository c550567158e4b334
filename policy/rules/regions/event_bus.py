from pulumi_policy import Severity

from ..shared.kinds import EVENT_RULE, EVENT_TARGET, FUNCTION, GRAPHQL_API, QUEUE
from ..shared.rule import About, stack_rule
from .shared.reference import Reference, judge, uses

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
        Reference(EVENT_TARGET, "arn", (GRAPHQL_API, FUNCTION, QUEUE), "its target"),
        Reference(EVENT_TARGET, "rule", (EVENT_RULE,), "its rule"),
        Reference(EVENT_TARGET, "eventBusName", ("aws:cloudwatch/eventBus:EventBus",), "its bus"),
        Reference(EVENT_TARGET, "deadLetterConfig.arn", (QUEUE,), "its dead-letter queue"),
    ),
    judge,
)

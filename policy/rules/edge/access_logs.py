from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.kinds import DISTRIBUTION
from ..shared.known import UNKNOWN
from ..shared.router import behaviours, routed_distributions
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"


def _judge(distribution: Resource) -> Iterator[Verdict]:
    if not (_has_own_logs(distribution) or any(_is_of(each, distribution) for each in distribution.stack.of(_SOURCE))):
        yield Violation(
            distribution,
            "nothing of this stack logs its requests, so nobody can say afterwards who was sent where.",
            "Add an aws.cloudwatch.LogDeliverySource with the distribution's ARN, or set loggingConfig.",
        )


def _has_own_logs(distribution: Resource) -> bool:
    real_time = [each.peek("realtimeLogConfigArn") for each in behaviours(distribution)]
    return bool(distribution.peek("loggingConfig")) or any(real_time)


def _is_of(source: Resource, distribution: Resource) -> bool:
    arn = source.peek("resourceArn")
    named = source.sources("resourceArn", DISTRIBUTION, value=arn)
    return any(each.urn == distribution.urn for each in named) or (arn is UNKNOWN and not named)


RULE = stack_rule(
    About(
        name="edge-access-logs",
        title="The edge's requests are logged",
        description="A distribution that carries the router should have its requests logged.",
        fix="Add aws.cloudwatch.LogDeliverySource(log_type='ACCESS_LOGS', resource_arn=distribution.arn, ...).",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html",
        severity=Severity.LOW,
        level=EnforcementLevel.ADVISORY,
    ),
    routed_distributions,
    _judge,
)

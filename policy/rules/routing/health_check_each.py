from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answers
from .shared.health import is_watched


def _judge(found: Answers) -> Iterator[Verdict]:
    without = [record for record in found.records if not is_watched(record)]
    if len(without) == len(found.records):
        return  # routing-health-check is about stacks that have none
    for record in without:
        # A record that has a check was meant to have one that works.
        has = "has a health check that says nothing of its region" if record.peek("healthCheckId") else "has none"
        yield Violation(
            record,
            f"other latency records of the router have health checks, and this one {has}. Route 53 takes its region "
            "for healthy whatever happens, and viewers go on being sent there when it is down.",
            "Give it a health_check_id, of an aws.route53.HealthCheck that asks the region's own host and is enabled.",
        )


RULE = stack_rule(
    About(
        name="routing-health-check-each",
        title="DNS stops naming whichever region is down",
        description="Where a latency record that the router asks has a health check, each must have one that works.",
        fix="Give each record a health_check_id, of an aws.route53.HealthCheck that asks the region's own host.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html",
        severity=Severity.HIGH,
    ),
    answers,
    _judge,
)

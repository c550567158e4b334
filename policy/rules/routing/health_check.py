from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answers
from .shared.health import is_watched


def _judge(found: Answers) -> Iterator[Verdict]:
    regions = len(found.table.routes) if found.table else len(found.records)
    # With one region there is nowhere else to go: Route 53 then names it, healthy or not. Where some records have a
    # check, routing-health-check-each is about the others.
    if regions <= 1 or not found.records or any(map(is_watched, found.records)):
        return
    yield Violation(
        found.router,
        "none of the latency records that it asks has a health check of its region. DNS goes on naming a region that "
        "is down, until somebody drains it.",
        "Give each record a health_check_id, of an aws.route53.HealthCheck that asks the region's own host.",
    )


RULE = stack_rule(
    About(
        name="routing-health-check",
        title="DNS stops naming a region that is down",
        description="The latency records that the router asks should each have a health check of their region.",
        fix="Give each record a health_check_id, of an aws.route53.HealthCheck that asks the region's own host.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
    ),
    answers,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answers
from .shared.health import check_of


def _judge(found: Answers) -> Iterator[Verdict]:
    without = [record for record in found.records if not _is_checked(record)]
    regions = len(found.table.routes) if found.table else len(found.records)
    # With one region there is nowhere else to go: Route 53 then names it, healthy or not.
    if not without or regions <= 1:
        return
    if len(without) == len(found.records):
        which = "none of the latency records that it asks has a health check"
    else:
        which = f"of the latency records that it asks some have no health check: {', '.join(r.name for r in without)}"
    yield Violation(
        found.router,
        f"{which}. DNS goes on naming a region that is down, until somebody drains it.",
        "Give each record a health_check_id, of an aws.route53.HealthCheck that asks the region's own host.",
    )


def _is_checked(record: Resource) -> bool:
    """Whether the record has a health check that is on: Route 53 takes what a disabled one is for healthy."""
    return bool(record.peek("healthCheckId")) and not any(check.peek("disabled") is True for check in check_of(record))


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

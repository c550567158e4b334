from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.health import Checked, checked


def _judge(subject: Checked) -> Iterator[Verdict]:
    if subject.check.read("invertHealthcheck") is True:
        yield Violation(
            subject.check,
            f"it is the health check of the latency record '{subject.record.name}', and takes healthy for unhealthy: "
            "DNS leaves the region while it is up, and names it while it is down.",
            "Remove invert_healthcheck.",
        )


RULE = stack_rule(
    About(
        name="routing-health-check-inverted",
        title="A latency record's health check tells up from down",
        description="The health check of a latency record must not be inverted.",
        fix="Remove invert_healthcheck from the health check.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
        severity=Severity.HIGH,
    ),
    checked,
    _judge,
)

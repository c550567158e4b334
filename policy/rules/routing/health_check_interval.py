import math
from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.health import Checked, asks_a_host, checked, is_inverted, telling

_MAXIMUM = 120  # seconds
_LONGEST_TTL = 60  # seconds; what is more is for routing-ttl to say
_INTERVAL, _THRESHOLD = 30, 3  # AWS's defaults


def _judge(subject: Checked) -> Iterator[Verdict]:
    asking = [check for check in telling(subject.record) if asks_a_host(check) and not is_inverted(check)]
    if not asking:
        return
    # Of several, the first to fail is enough.
    check = min(asking, key=lambda each: math.prod(_pace(each)))
    interval, threshold = _pace(check)
    ttl = min(subject.record.read("ttl") or _LONGEST_TTL, _LONGEST_TTL)
    maximum = check.stack.settings.get("maximum", _MAXIMUM)
    if (needed := interval * threshold + ttl) > maximum:
        yield Violation(
            check,
            f"it asks every {interval} s and gives up after {threshold} failures. With the TTL of {ttl} s of "
            f"'{subject.record.name}', viewers go to a region that is down for {needed} s, longer than {maximum} s.",
            "Set request_interval=10 and failure_threshold=3 (the interval of a check cannot be changed later).",
        )


def _pace(check: Resource) -> tuple[int, int]:
    return check.read("requestInterval") or _INTERVAL, check.read("failureThreshold") or _THRESHOLD


RULE = stack_rule(
    About(
        name="routing-health-check-interval",
        title="DNS leaves a region that is down within two minutes",
        description=(
            "The health check of a latency record should fail fast: interval times threshold, and the record's TTL, "
            f"should be at most {_MAXIMUM} s."
        ),
        fix="Set request_interval=10 and failure_threshold=3 on the health check.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
        severity=Severity.LOW,
        level=EnforcementLevel.ADVISORY,
        settings={
            "maximum": {
                "type": "integer",
                "minimum": 0,
                "description": f"The longest time until DNS leaves a region that is down, in seconds: {_MAXIMUM}.",
            }
        },
    ),
    checked,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import HEALTH_CHECK
from ..shared.rule import About, Subject, of_each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answer_records
from .shared.health import CHILDREN, calculated, children, is_inverted

_THRESHOLD = "childHealthThreshold"


def _calculated(found: tuple[Resource, Answers]) -> Iterator[Subject[Resource]]:
    for check in calculated(found[0]):
        yield Subject(check, check)


def _judge(check: Resource) -> Iterator[Verdict]:
    if not check.peek(CHILDREN) and not check.sources(CHILDREN, HEALTH_CHECK):
        return
    count = len(check.read(CHILDREN))
    threshold = check.read(_THRESHOLD)
    found = _wrong(check, threshold, count)
    if found:
        yield Violation(
            check,
            f"{found}.",
            f"Set child_health_threshold={count}, or the length of the list of checks, so that one that fails is "
            "enough.",
            _THRESHOLD,
        )


def _wrong(check: Resource, threshold: int | None, count: int) -> str | None:
    if threshold is None:
        return "it does not say how many of its checks must be healthy, which Route 53 refuses"
    if threshold <= 0:
        return "none of its checks need be healthy, so Route 53 always takes it for healthy, and no region is ever left"
    if threshold > count:
        return f"{threshold} of its {count} checks must be healthy, so Route 53 never takes it for healthy"
    switches = [child.name for child in children(check) if is_inverted(child)]
    if threshold < count and switches:
        return (
            f"{threshold} of its {count} checks need be healthy, so a switch among them ('{switches[0]}') that is "
            "turned drains nothing while the others are"
        )
    return None


RULE = stack_rule(
    About(
        name="routing-health-check-threshold",
        title="One reason to leave a region is enough",
        description=(
            "The health check of a latency record that is calculated from others must be able to fail and to succeed, "
            "and to fail by each switch alone."
        ),
        fix="Set child_health_threshold to the number of child_healthchecks.",
        url="https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
        severity=Severity.HIGH,
    ),
    of_each(answer_records, _calculated),
    _judge,
)

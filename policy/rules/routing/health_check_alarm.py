from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import COMPOSITE_ALARM, HEALTH_CHECK, METRIC_ALARM
from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_NAME, _REGION = "cloudwatchAlarmName", "cloudwatchAlarmRegion"
_STANDARD = 60  # seconds


def _judge(check: Resource) -> Iterator[Verdict]:
    alarms = _alarms(check)
    region = check.read(_REGION) if alarms else None
    for alarm in alarms:
        wrong = _wrong(alarm)
        if wrong:
            yield Violation(
                check,
                f"it goes by the alarm '{alarm.name}', {wrong}: Route 53 refuses it.",
                "Let it go by an alarm on one metric, with a standard statistic and periods of 60 s or more.",
                _NAME,
            )
        elif isinstance(alarm.region, str) and region != alarm.region:
            yield Violation(
                check,
                f"it looks for the alarm '{alarm.name}' in {region}, and that lies in {alarm.region}.",
                f'Set cloudwatch_alarm_region="{alarm.region}".',
                _REGION,
            )


def _alarms(check: Resource) -> list[Resource]:
    name = check.peek(_NAME)
    found = check.sources(_NAME, METRIC_ALARM, COMPOSITE_ALARM, value=name) if name else []
    # Alarms of several regions may have one name.
    return [alarm for alarm in found if alarm.region == check.peek(_REGION)] or found


def _wrong(alarm: Resource) -> str | None:
    if alarm.kind == COMPOSITE_ALARM:
        return "which is a composite one"
    if any(query.peek("expression") for query in alarm.each("metricQueries")):
        return "which is on metric math"
    if statistic := alarm.read("extendedStatistic"):
        return f"whose statistic is {statistic}"
    period = alarm.read("period")
    if period is not None and period < _STANDARD:
        return f"whose metric is of high resolution, with periods of {period} s"
    return None


RULE = stack_rule(
    About(
        name="routing-health-check-alarm",
        title="Route 53 can follow the alarms that it is given",
        description=(
            "The alarm of a health check must be on one metric of standard resolution, with a standard statistic, in "
            "the region that the check names."
        ),
        fix="Let the health check go by a plain alarm, and name the alarm's own region.",
        url="https://docs.aws.amazon.com/Route53/latest/APIReference/API_AlarmIdentifier.html",
        severity=Severity.HIGH,
    ),
    lambda stack: each(*stack.of(HEALTH_CHECK)),
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.design import in_the_design
from ..shared.kinds import COMPOSITE_ALARM, EVENT_RULE, HEALTH_CHECK, METRIC_ALARM
from ..shared.known import UNKNOWN
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource, Stack, once
from ..shared.verdict import Verdict, Violation

_ALARMS = (METRIC_ALARM, COMPOSITE_ALARM)
_DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"  # shows an alarm to whoever looks
_CHANGE = "CloudWatch Alarm State Change"


def _judge(alarm: Resource) -> Iterator[Verdict]:
    if (_acts(alarm) and alarm.peek("actionsEnabled") is not False) or _is_followed(alarm):
        return
    why = "its actions are disabled" if _acts(alarm) else "it has no alarm action"
    yield Violation(
        alarm,
        f"{why}, and nothing of this stack follows it: when it sounds, nobody is told.",
        "Set alarm_actions to the ARN of a topic of the same region, or make it a part of a composite alarm.",
    )


def _acts(alarm: Resource) -> bool:
    actions = alarm.peek("alarmActions")
    return actions is UNKNOWN or bool(actions)


def _is_followed(alarm: Resource) -> bool:
    if alarm.urn in _referred_to(alarm.stack) or _are_all_followed(alarm):
        return True
    name = alarm.peek("name" if alarm.kind == METRIC_ALARM else "alarmName")
    told = [each.peek("alarmRule") for each in alarm.stack.of(COMPOSITE_ALARM)]
    told += [each.peek("cloudwatchAlarmName") for each in alarm.stack.of(HEALTH_CHECK)]
    return isinstance(name, str) and any(isinstance(text, str) and name in text for text in told)


@once
def _referred_to(stack: Stack) -> frozenset[str]:
    """The URNs of the alarms that others go by, such as composite ones, health checks and deployments."""
    others = [each for each in stack.resources if each.kind != _DASHBOARD]
    return frozenset(alarm.urn for each in others for alarm in each.refers_to(*_ALARMS))


def _are_all_followed(alarm: Resource) -> bool:
    """Whether a rule of EventBridge's is told of the region's alarms."""
    patterns = [rule.peek("eventPattern") for rule in alarm.stack.of(EVENT_RULE) if rule.region == alarm.region]
    return any(pattern is UNKNOWN or _CHANGE in str(pattern) for pattern in patterns)


RULE = stack_rule(
    About(
        name="regions-alarm-action",
        title="Somebody hears of a region's trouble",
        description="The alarms of an active/active stack should tell somebody, or be followed by what does.",
        fix="Give the alarm an action, such as a topic of its region.",
        url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
    ),
    in_the_design(*_ALARMS),
    _judge,
)

"""What tells people, and Route 53, that a region is in trouble."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarm_settings import AlarmSettings, rule, settings
from components.metrics import Measured
from components.topology import Topology

UNHEALTHY = "unhealthy"


@dataclass(frozen=True)
class RoutedAlarm:
    """An alarm that Route 53 may heed: its name, and all that it decides by, as text."""

    name: pulumi.Output[str]
    settings: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class RegionAlarmsArgs:
    """`topic` is the ARN of the topic that is told."""

    topology: Topology
    measured: Measured
    topic: pulumi.Input[str]


class RegionAlarms(pulumi.ComponentResource):
    """An alarm for each kind of trouble, and `unhealthy` for those that say that the region serves nobody well.

    People are told of those by `unhealthy` alone: one region in trouble is one message.
    """

    names: Mapping[str, pulumi.Output[str]]
    """By kind, `unhealthy` among them."""
    routed: Mapping[str, RoutedAlarm]
    """Those that Route 53 may heed: it knows no metric math and no percentiles ("Monitoring a CloudWatch alarm" in the
    Amazon Route 53 Developer Guide)."""

    def __init__(self, name: str, args: RegionAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:RegionAlarms", name, {}, opts)
        self._name, self._args = name, args
        self._child_opts = pulumi.ResourceOptions(parent=self)
        wanted = settings(args.measured)
        made = {alarm.kind: self._alarm(alarm) for alarm in wanted}
        parts = [made[alarm.kind].name for alarm in wanted if alarm.is_part]
        unhealthy = aws.cloudwatch.CompositeAlarm(
            f"{name}-{UNHEALTHY}",
            alarm_name=self._alarm_name(UNHEALTHY),
            alarm_description=(
                f"The region {args.measured.key} does not serve its clients. See which of its alarms sound; "
                f"`antipodes drain {args.measured.key}` takes it out of rotation."
            ),
            alarm_rule=pulumi.Output.all(*parts).apply(rule),
            alarm_actions=[args.topic],
            ok_actions=[args.topic],
            region=args.measured.region,
            opts=self._child_opts,
        )
        self.names = {kind: alarm.name for kind, alarm in made.items()} | {UNHEALTHY: unhealthy.alarm_name}
        self.routed = {
            alarm.kind: RoutedAlarm(made[alarm.kind].name, pulumi.Output.json_dumps(alarm.inputs, sort_keys=True))
            for alarm in wanted
            if alarm.is_routed
        }
        self.register_outputs({"names": dict(self.names)})

    def _alarm(self, alarm: AlarmSettings) -> aws.cloudwatch.MetricAlarm:
        told = [] if alarm.is_part else [self._args.topic]
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{alarm.kind}",
            name=self._alarm_name(alarm.kind),
            alarm_actions=told,
            ok_actions=told,
            insufficient_data_actions=[self._args.topic] if alarm.tells_silence else [],
            region=self._args.measured.region,
            opts=self._child_opts,
            **alarm.inputs,
        )

    def _alarm_name(self, kind: str) -> str:
        return self._args.topology.alarm_name(self._args.measured.key, kind)

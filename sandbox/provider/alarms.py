"""CloudWatch: alarms on metrics, and on other alarms."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, Keyed, Many, Mapping, Tags, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, ResourceError, remove, tag_changes, touched


class _Dimensions(Mapping):
    """A mapping that CloudWatch writes as a list of {"Name", "Value"}."""

    def encode(self, value: Any) -> Any:
        return [{"Name": name, "Value": text} for name, text in value.items()]

    def decode(self, value: Any) -> Any:
        return {dimension["Name"]: dimension["Value"] for dimension in value}


_ACTIONS = Many(ordered=False)
_METRIC = shape(
    Field("namespace", "Metric.Namespace"),
    Field("metricName", "Metric.MetricName"),
    Field("dimensions", "Metric.Dimensions", _Dimensions(), default={}),
    Field("period", "Period"),
    Field("stat", "Stat"),
    Field("unit", "Unit"),
)
_QUERY = shape(
    Field("id", "Id"),
    Field("expression", "Expression"),
    Field("label", "Label"),
    Field("metric", "MetricStat", _METRIC),
    Field("period", "Period"),
    Field("returnData", "ReturnData", default=False),
)


class MetricAlarm(Resource):
    """An alarm on one metric, or on what metric math makes of several."""

    token = "aws:cloudwatch/metricAlarm:MetricAlarm"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "AlarmName", replaces=True),
        Field("alarmDescription", "AlarmDescription", default=""),
        Field("namespace", "Namespace"),
        Field("metricName", "MetricName"),
        Field("dimensions", "Dimensions", _Dimensions(), default={}),
        Field("statistic", "Statistic"),
        Field("extendedStatistic", "ExtendedStatistic"),
        Field("metricQueries", "Metrics", Keyed(_QUERY, key="id")),
        Field("period", "Period"),
        Field("unit", "Unit"),
        Field("evaluationPeriods", "EvaluationPeriods"),
        Field("datapointsToAlarm", "DatapointsToAlarm"),
        Field("comparisonOperator", "ComparisonOperator"),
        Field("threshold", "Threshold"),
        Field("treatMissingData", "TreatMissingData", default="missing"),
        Field("actionsEnabled", "ActionsEnabled", default=True),
        Field("alarmActions", "AlarmActions", _ACTIONS, default=[]),
        Field("okActions", "OKActions", _ACTIONS, default=[]),
        Field("insufficientDataActions", "InsufficientDataActions", _ACTIONS, default=[]),
        Field("tags", "Tags", Tags(), default={}),
        *outputs("arn"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["name"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        if _describe(aws, inputs["name"]) is not None:
            # PutMetricAlarm replaces what is there, and so would take over an alarm of another's making.
            raise ResourceError(f"there is already an alarm {inputs['name']}")
        aws("cloudwatch").put_metric_alarm(**self._encoded(inputs))
        return str(inputs["name"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        alarm = _describe(aws, id_)
        if alarm is None:
            return None
        tags = aws("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        return self.shape.decode(alarm | {"Tags": tags}) | {"region": aws.region, "arn": alarm["AlarmArn"]}

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        wanted = self._encoded(inputs)
        del wanted["Tags"]  # PutMetricAlarm ignores them where the alarm exists
        aws("cloudwatch").put_metric_alarm(**wanted)
        if touched(changes, "tags") and (alarm := _describe(aws, id_)):
            _tag(aws, alarm["AlarmArn"], inputs.get("tags", {}))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("cloudwatch").delete_alarms, AlarmNames=[id_])

    def _encoded(self, inputs: Properties) -> Properties:
        wanted = self.shape.encode(inputs)
        if "Metrics" in wanted:
            del wanted["Dimensions"]  # each of its metrics has its own
        return wanted


class CompositeAlarm(Resource):
    """An alarm on the states of other alarms."""

    token = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
    shape = shape(
        Field("region", replaces=True),
        Field("alarmName", "AlarmName", replaces=True),
        Field("alarmDescription", "AlarmDescription", default=""),
        Field("alarmRule", "AlarmRule"),
        Field("actionsEnabled", "ActionsEnabled", default=True, replaces=True),
        Field("alarmActions", "AlarmActions", _ACTIONS, default=[]),
        Field("okActions", "OKActions", _ACTIONS, default=[]),
        Field("insufficientDataActions", "InsufficientDataActions", _ACTIONS, default=[]),
        Field("tags", "Tags", Tags(), default={}),
        *outputs("arn"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["alarmName"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        if _describe(aws, inputs["alarmName"], "CompositeAlarm") is not None:
            raise ResourceError(f"there is already an alarm {inputs['alarmName']}")
        aws("cloudwatch").put_composite_alarm(**self.shape.encode(inputs))
        return str(inputs["alarmName"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        alarm = _describe(aws, id_, "CompositeAlarm")
        if alarm is None:
            return None
        tags = aws("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        return self.shape.decode(alarm | {"Tags": tags}) | {"region": aws.region, "arn": alarm["AlarmArn"]}

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        wanted = self.shape.encode(inputs)
        del wanted["Tags"]
        aws("cloudwatch").put_composite_alarm(**wanted)
        if touched(changes, "tags") and (alarm := _describe(aws, id_, "CompositeAlarm")):
            _tag(aws, alarm["AlarmArn"], inputs.get("tags", {}))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("cloudwatch").delete_alarms, AlarmNames=[id_])


def _tag(aws: Aws, arn: str, tags: dict[str, str]) -> None:
    cloudwatch = aws("cloudwatch")
    present = Tags().decode(cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"])
    added, removed = tag_changes(present, tags)
    if removed:
        cloudwatch.untag_resource(ResourceARN=arn, TagKeys=removed)
    if added:
        cloudwatch.tag_resource(ResourceARN=arn, Tags=Tags().encode(added))


def _describe(aws: Aws, name: str, kind: str = "MetricAlarm") -> Any:
    alarms = aws("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=[kind])[f"{kind}s"]
    return alarms[0] if alarms else None

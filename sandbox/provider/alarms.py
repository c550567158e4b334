"""CloudWatch: alarms."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, Many, Mapping, Tags, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, ResourceError, remove, tag_changes, touched


class _Dimensions(Mapping):
    """A mapping that CloudWatch writes as a list of {"Name", "Value"}."""

    def encode(self, value: Any) -> Any:
        return [{"Name": name, "Value": text} for name, text in value.items()]

    def decode(self, value: Any) -> Any:
        return {dimension["Name"]: dimension["Value"] for dimension in value}


_ACTIONS = Many(ordered=False)


class MetricAlarm(Resource):
    """An alarm on one metric."""

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
        aws("cloudwatch").put_metric_alarm(**self.shape.encode(inputs))
        return str(inputs["name"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        alarm = _describe(aws, id_)
        if alarm is None:
            return None
        tags = aws("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        return self.shape.decode(alarm | {"Tags": tags}) | {"region": aws.region, "arn": alarm["AlarmArn"]}

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        cloudwatch, wanted = aws("cloudwatch"), self.shape.encode(inputs)
        tags = Tags().decode(wanted.pop("Tags"))  # PutMetricAlarm ignores them where the alarm exists
        cloudwatch.put_metric_alarm(**wanted)
        if touched(changes, "tags") and (alarm := _describe(aws, id_)):
            arn = alarm["AlarmArn"]
            present = Tags().decode(cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"])
            added, removed = tag_changes(present, tags)
            if removed:
                cloudwatch.untag_resource(ResourceARN=arn, TagKeys=removed)
            if added:
                cloudwatch.tag_resource(ResourceARN=arn, Tags=Tags().encode(added))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("cloudwatch").delete_alarms, AlarmNames=[id_])


def _describe(aws: Aws, name: str) -> Any:
    alarms = aws("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    return alarms[0] if alarms else None

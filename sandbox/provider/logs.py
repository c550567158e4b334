"""CloudWatch Logs: log groups."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, Mapping, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, found, remove, tag_changes, touched


class LogGroup(Resource):
    """A log group and how long it keeps what it gets."""

    token = "aws:cloudwatch/logGroup:LogGroup"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "logGroupName", replaces=True),
        Field("kmsKeyId", "kmsKeyId"),
        Field("logGroupClass", "logGroupClass", default="STANDARD", replaces=True),
        Field("retentionInDays", default=0),
        Field("skipDestroy", default=False),
        Field("tags", "tags", Mapping(), default={}),
        *outputs("arn"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["name"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = self.shape.encode(inputs)
        if not wanted["tags"]:
            del wanted["tags"]  # AWS takes one tag at least, or none at all
        aws("logs").create_log_group(**wanted)
        return str(inputs["name"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        if inputs.get("retentionInDays"):
            aws("logs").put_retention_policy(logGroupName=id_, retentionInDays=inputs["retentionInDays"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        group = self._describe(aws, id_)
        if group is None:
            return None
        arn = group["arn"].removesuffix(":*")
        tags = aws("logs").list_tags_for_resource(resourceArn=arn)["tags"]
        return self.shape.decode(group | {"tags": tags}) | {
            "region": aws.region,
            "retentionInDays": group.get("retentionInDays", 0),
            "arn": arn,
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        logs = aws("logs")
        if touched(changes, "retentionInDays"):
            if inputs.get("retentionInDays"):
                logs.put_retention_policy(logGroupName=id_, retentionInDays=inputs["retentionInDays"])
            else:
                logs.delete_retention_policy(logGroupName=id_)
        if touched(changes, "kmsKeyId"):
            if "kmsKeyId" in inputs:
                logs.associate_kms_key(logGroupName=id_, kmsKeyId=inputs["kmsKeyId"])
            else:
                logs.disassociate_kms_key(logGroupName=id_)
        if touched(changes, "tags") and (group := self._describe(aws, id_)):
            arn = group["arn"].removesuffix(":*")
            present = logs.list_tags_for_resource(resourceArn=arn)["tags"]
            added, removed = tag_changes(present, inputs.get("tags", {}))
            if removed:
                logs.untag_resource(resourceArn=arn, tagKeys=removed)
            if added:
                logs.tag_resource(resourceArn=arn, tags=added)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        if not known.get("skipDestroy"):
            remove(aws("logs").delete_log_group, logGroupName=id_)

    @staticmethod
    def _describe(aws: Aws, name: str) -> Any:
        answer = found(aws("logs").describe_log_groups, logGroupNamePrefix=name) or {"logGroups": []}
        return next((group for group in answer["logGroups"] if group["logGroupName"] == name), None)

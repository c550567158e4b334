"""SNS: topics."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, Tags, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, ResourceError, found, remove, tag_changes, touched


class Topic(Resource):
    """A standard topic."""

    token = "aws:sns/topic:Topic"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "Name", replaces=True),
        Field("displayName", "Attributes.DisplayName", default=""),
        Field("kmsMasterKeyId", "Attributes.KmsMasterKeyId", default=""),
        Field("tags", "Tags", Tags(), default={}),
        *outputs("arn"),
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        if (present := self.find(aws, inputs)) is not None:
            # CreateTopic answers with a topic that is there and has the same attributes, and so would adopt it.
            raise ResourceError(f"there is already a topic {present}")
        return str(aws("sns").create_topic(**self.shape.encode(inputs))["TopicArn"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        sns = aws("sns")
        answer = found(sns.get_topic_attributes, TopicArn=id_)
        if answer is None:
            return None
        tags = sns.list_tags_for_resource(ResourceArn=id_)["Tags"]
        return self.shape.decode(answer | {"Tags": tags}) | {
            "region": aws.region,
            "name": id_.rpartition(":")[2],
            "arn": id_,
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        sns: Any = aws("sns")
        for name, value in self.shape.encode(inputs)["Attributes"].items():
            sns.set_topic_attributes(TopicArn=id_, AttributeName=name, AttributeValue=value)
        if touched(changes, "tags"):
            present = Tags().decode(sns.list_tags_for_resource(ResourceArn=id_)["Tags"])
            added, removed = tag_changes(present, inputs.get("tags", {}))
            if removed:
                sns.untag_resource(ResourceArn=id_, TagKeys=removed)
            if added:
                sns.tag_resource(ResourceArn=id_, Tags=Tags().encode(added))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("sns").delete_topic, TopicArn=id_)

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        for page in aws("sns").get_paginator("list_topics").paginate():
            for topic in page["Topics"]:
                if topic["TopicArn"].endswith(f":{inputs['name']}"):
                    return str(topic["TopicArn"])
        return None

"""SQS: queues and who may use them."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, JsonText, Kind, Mapping, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, ResourceError, found, remove, tag_changes, touched


class _Number(Kind):
    """A whole number, which SQS has as text."""

    def encode(self, value: Any) -> Any:
        return str(value)

    def decode(self, value: Any) -> Any:
        return int(value)


class _Flag(Kind):
    """A truth value, which SQS has as text."""

    def encode(self, value: Any) -> Any:
        return "true" if value else "false"

    def decode(self, value: Any) -> Any:
        return bool(value == "true")


class Queue(Resource):
    """A standard queue; its policy is a resource of its own."""

    token = "aws:sqs/queue:Queue"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "QueueName", replaces=True),
        Field("delaySeconds", "Attributes.DelaySeconds", _Number(), default=0),
        Field("maxMessageSize", "Attributes.MaximumMessageSize", _Number(), computed=True),
        Field("messageRetentionSeconds", "Attributes.MessageRetentionPeriod", _Number(), default=345600),
        Field("receiveWaitTimeSeconds", "Attributes.ReceiveMessageWaitTimeSeconds", _Number(), default=0),
        Field("sqsManagedSseEnabled", "Attributes.SqsManagedSseEnabled", _Flag(), computed=True),
        Field("visibilityTimeoutSeconds", "Attributes.VisibilityTimeout", _Number(), default=30),
        Field("tags", "tags", Mapping(), default={}),
        *outputs("arn", "url"),
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        if (present := self.find(aws, inputs)) is not None:
            # CreateQueue answers with a queue that is there and has the same attributes, and so would adopt it.
            raise ResourceError(f"there is already a queue {present}")
        return str(aws("sqs").create_queue(**self.shape.encode(inputs))["QueueUrl"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        sqs = aws("sqs")
        answer = found(sqs.get_queue_attributes, QueueUrl=id_, AttributeNames=["All"])
        if answer is None:
            return None
        tags = sqs.list_queue_tags(QueueUrl=id_).get("Tags", {})
        return self.shape.decode(answer | {"tags": tags}) | {
            "region": aws.region,
            "name": id_.rpartition("/")[2],
            "arn": answer["Attributes"]["QueueArn"],
            "url": id_,
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        sqs = aws("sqs")
        if any(not touched({path: change}, "tags") for path, change in changes.items()):
            sqs.set_queue_attributes(QueueUrl=id_, Attributes=self.shape.encode(inputs)["Attributes"])
        if touched(changes, "tags"):
            present = sqs.list_queue_tags(QueueUrl=id_).get("Tags", {})
            added, removed = tag_changes(present, inputs.get("tags", {}))
            if removed:
                sqs.untag_queue(QueueUrl=id_, TagKeys=removed)
            if added:
                sqs.tag_queue(QueueUrl=id_, Tags=added)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("sqs").delete_queue, QueueUrl=id_)

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        answer = found(aws("sqs").get_queue_url, QueueName=inputs["name"])
        return None if answer is None else str(answer["QueueUrl"])


class QueuePolicy(Resource):
    """The policy of a queue, which has one at most."""

    token = "aws:sqs/queuePolicy:QueuePolicy"
    shape = shape(
        Field("region", replaces=True),
        Field("queueUrl", "QueueUrl", replaces=True),
        Field("policy", "Attributes.Policy", JsonText()),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["queueUrl"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        if self.read(aws, inputs["queueUrl"], inputs) is not None:
            # SetQueueAttributes would replace what is there.
            raise ResourceError(f"the queue {inputs['queueUrl']} already has a policy")
        aws("sqs").set_queue_attributes(**self.shape.encode(inputs))
        return str(inputs["queueUrl"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("sqs").get_queue_attributes, QueueUrl=id_, AttributeNames=["Policy"])
        if answer is None or not answer.get("Attributes", {}).get("Policy"):
            return None
        return self.shape.decode(answer) | {"region": aws.region, "queueUrl": id_}

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        aws("sqs").set_queue_attributes(**self.shape.encode(inputs))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("sqs").set_queue_attributes, QueueUrl=id_, Attributes={"Policy": ""})

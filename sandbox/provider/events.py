"""EventBridge: event buses, their rules and where the rules send events."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, JsonText, Mapping, Tags, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, ResourceError, found, remove, tag_changes, touched


class EventBus(Resource):
    """A bus of the account's own."""

    token = "aws:cloudwatch/eventBus:EventBus"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "Name", replaces=True),
        Field("description", "Description", default=""),
        Field("tags", "Tags", Tags(), default={}),
        *outputs("arn"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["name"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("events").create_event_bus(**self.shape.encode(inputs))
        return str(inputs["name"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        events = aws("events")
        bus = found(events.describe_event_bus, Name=id_)
        if bus is None:
            return None
        tags = events.list_tags_for_resource(ResourceARN=bus["Arn"])["Tags"]
        return self.shape.decode(bus | {"Tags": tags}) | {"region": aws.region, "arn": bus["Arn"]}

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        if touched(changes, "description"):
            aws("events").update_event_bus(Name=id_, Description=inputs.get("description", ""))
        if touched(changes, "tags"):
            _retag(aws, aws("events").describe_event_bus(Name=id_)["Arn"], inputs)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("events").delete_event_bus, Name=id_)


class EventRule(Resource):
    """What of a bus's events is sent on; its id is the bus and the name."""

    token = "aws:cloudwatch/eventRule:EventRule"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "Name", replaces=True),
        Field("eventBusName", "EventBusName", default="default", replaces=True),
        Field("description", "Description", default=""),
        Field("eventPattern", "EventPattern", JsonText()),
        Field("state", "State", default="ENABLED"),
        Field("tags", "Tags", Tags(), default={}),
        *outputs("arn"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return f"{inputs.get('eventBusName', 'default')}/{inputs['name']}"

    def create(self, aws: Aws, inputs: Properties) -> str:
        id_ = str(self.identity(inputs))
        if self.read(aws, id_, inputs) is not None:
            # PutRule replaces what is there, and so would take over a rule of another's making.
            raise ResourceError(f"there is already a rule {id_}")
        aws("events").put_rule(**self.shape.encode(inputs))
        return id_

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        events = aws("events")
        rule = found(events.describe_rule, **_rule(id_))
        if rule is None:
            return None
        tags = events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
        return self.shape.decode(rule | {"Tags": tags}) | {"region": aws.region, "arn": rule["Arn"]}

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        events, wanted = aws("events"), self.shape.encode(inputs)
        del wanted["Tags"]  # PutRule ignores them where the rule exists
        events.put_rule(**wanted)
        if touched(changes, "tags"):
            _retag(aws, events.describe_rule(**_rule(id_))["Arn"], inputs)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("events").delete_rule, **_rule(id_))


class EventTarget(Resource):
    """Where a rule sends events, and as what; its id is the bus, the rule and the target's own id."""

    token = "aws:cloudwatch/eventTarget:EventTarget"
    auto_name = "targetId"
    shape = shape(
        Field("region", replaces=True),
        Field("rule", replaces=True),
        Field("eventBusName", default="default", replaces=True),
        Field("targetId", "Id", replaces=True),
        Field("arn", "Arn"),
        Field("roleArn", "RoleArn"),
        Field(
            "appsyncTarget",
            "AppSyncParameters",
            shape(Field("graphqlOperation", "GraphQLOperation")),
        ),
        Field(
            "inputTransformer",
            "InputTransformer",
            shape(
                Field("inputPaths", "InputPathsMap", Mapping(), default={}),
                Field("inputTemplate", "InputTemplate"),
            ),
        ),
        Field("deadLetterConfig", "DeadLetterConfig", shape(Field("arn", "Arn"))),
        Field(
            "retryPolicy",
            "RetryPolicy",
            shape(
                Field("maximumEventAgeInSeconds", "MaximumEventAgeInSeconds", computed=True),
                Field("maximumRetryAttempts", "MaximumRetryAttempts", computed=True),
            ),
            computed=True,
        ),
    )

    def identity(self, inputs: Properties) -> str | None:
        return f"{inputs.get('eventBusName', 'default')}/{inputs['rule']}/{inputs['targetId']}"

    def create(self, aws: Aws, inputs: Properties) -> str:
        id_ = str(self.identity(inputs))
        if self.read(aws, id_, inputs) is not None:
            # PutTargets replaces what is there, and so would take over a target of another's making.
            raise ResourceError(f"there is already a target {id_}")
        self._put(aws, id_, inputs)
        return id_

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        rule, _, target_id = id_.rpartition("/")
        bus, _, name = rule.rpartition("/")
        where = {"EventBusName": bus, "Rule": name}
        while (answer := found(aws("events").list_targets_by_rule, **where)) is not None:
            for target in answer["Targets"]:
                if target["Id"] == target_id:
                    place = {"region": aws.region, "eventBusName": bus, "rule": name}
                    return self.shape.decode(target) | place
            if "NextToken" not in answer:
                return None
            where["NextToken"] = answer["NextToken"]
        return None

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        self._put(aws, id_, inputs)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        rule, _, target_id = id_.rpartition("/")
        bus, _, name = rule.rpartition("/")
        answer = found(aws("events").remove_targets, EventBusName=bus, Rule=name, Ids=[target_id])
        _require_done(answer or {})

    def _put(self, aws: Aws, id_: str, inputs: Properties) -> None:
        bus, name, _ = id_.rsplit("/", 2)
        target = self.shape.encode(inputs)
        _require_done(aws("events").put_targets(EventBusName=bus, Rule=name, Targets=[target]))


def _rule(id_: str) -> dict[str, str]:
    bus, _, name = id_.rpartition("/")  # a bus's name may have slashes, a rule's has none
    return {"EventBusName": bus, "Name": name}


def _retag(aws: Aws, arn: str, inputs: Properties) -> None:
    events = aws("events")
    present = Tags().decode(events.list_tags_for_resource(ResourceARN=arn)["Tags"])
    added, removed = tag_changes(present, inputs.get("tags", {}))
    if removed:
        events.untag_resource(ResourceARN=arn, TagKeys=removed)
    if added:
        events.tag_resource(ResourceARN=arn, Tags=Tags().encode(added))


def _require_done(answer: dict[str, Any]) -> None:
    """Raises for what AWS says in an answer that is no error: an entry that it refused."""
    for entry in answer.get("FailedEntries", []):
        raise ResourceError(f"{entry.get('TargetId')}: {entry.get('ErrorCode')}: {entry.get('ErrorMessage')}")

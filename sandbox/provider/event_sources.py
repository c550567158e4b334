"""Lambda's event source mappings: which stream invokes which function, and how."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from sandbox.provider.fields import Change, Field, Many, outputs, shape
from sandbox.provider.lambda_ import FunctionName
from sandbox.provider.resource import Aws, Properties, Resource, found, remove, wait_until


class EventSourceMapping(Resource):
    """A mapping of a stream, of which AWS has one for each stream and function."""

    token = "aws:lambda/eventSourceMapping:EventSourceMapping"
    shape = shape(
        Field("region", replaces=True),
        Field("eventSourceArn", "EventSourceArn", replaces=True),
        Field("functionName", "FunctionName", FunctionName()),
        Field("startingPosition", "StartingPosition", replaces=True),
        Field("enabled", "Enabled", default=True),
        Field("batchSize", "BatchSize", computed=True),
        Field("maximumBatchingWindowInSeconds", "MaximumBatchingWindowInSeconds", default=0),
        Field("parallelizationFactor", "ParallelizationFactor", computed=True),
        Field("functionResponseTypes", "FunctionResponseTypes", Many(ordered=False), default=[]),
        Field("bisectBatchOnFunctionError", "BisectBatchOnFunctionError", default=False),
        Field("maximumRetryAttempts", "MaximumRetryAttempts", computed=True),
        Field("maximumRecordAgeInSeconds", "MaximumRecordAgeInSeconds", computed=True),
        Field(
            "destinationConfig",
            "DestinationConfig",
            shape(Field("onFailure", "OnFailure", shape(Field("destinationArn", "Destination")))),
        ),
        *outputs("arn", "functionArn", "lastModified", "state", "stateTransitionReason", "uuid"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return f"{inputs['eventSourceArn']} {FunctionName().decode(inputs['functionName'])}"

    def create(self, aws: Aws, inputs: Properties) -> str:
        return str(aws("lambda").create_event_source_mapping(**self.shape.encode(inputs))["UUID"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        self._settle(aws, id_)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        mapping = found(aws("lambda").get_event_source_mapping, UUID=id_)
        if mapping is None or mapping["State"] == "Deleting":
            return None
        return self.shape.decode(mapping | {"FunctionName": mapping["FunctionArn"]}) | {
            "region": aws.region,
            "enabled": mapping["State"] in ("Creating", "Enabled", "Enabling"),
            "arn": mapping["EventSourceMappingArn"],
            "functionArn": mapping["FunctionArn"],
            "lastModified": mapping["LastModified"].isoformat(),
            "state": mapping["State"],
            "stateTransitionReason": mapping.get("StateTransitionReason", ""),
            "uuid": id_,
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        wanted = self.shape.encode(inputs)
        # What is not sent stays as it is; an empty destination takes it away.
        wanted.setdefault("DestinationConfig", {"OnFailure": {"Destination": ""}})
        kept = {key: value for key, value in wanted.items() if key not in _ONLY_AT_CREATION}
        aws("lambda").update_event_source_mapping(UUID=id_, **kept)
        self._settle(aws, id_)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        api = aws("lambda")
        remove(api.delete_event_source_mapping, UUID=id_)
        wait_until(lambda: found(api.get_event_source_mapping, UUID=id_) is None, f"the mapping {id_} is gone")

    def unsettled(self, changes: dict[str, Change]) -> tuple[str, ...]:
        return ("lastModified",)

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        parameters = {"EventSourceArn": inputs["eventSourceArn"], "FunctionName": inputs["functionName"]}
        answer = found(aws("lambda").list_event_source_mappings, **parameters)
        mappings = [] if answer is None else answer["EventSourceMappings"]
        return next((str(m["UUID"]) for m in mappings if m["State"] != "Deleting"), None)

    @staticmethod
    def _settle(aws: Aws, id_: str) -> None:
        def is_settled() -> bool:
            return aws("lambda").get_event_source_mapping(UUID=id_)["State"] in ("Disabled", "Enabled")

        wait_until(is_settled, f"the mapping {id_} is enabled or disabled")


_ONLY_AT_CREATION = ("EventSourceArn", "StartingPosition")

"""An event source mapping's settings, as Lambda takes and shows them, for DynamoDB streams.

Source: AWS Lambda Developer Guide, "Lambda parameters for Amazon DynamoDB event source mappings", and the API
Reference's CreateEventSourceMapping.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from sandbox.extensions.call import AwsError

PARTIAL = "ReportBatchItemFailures"
FOREVER = -1

_DYNAMODB_STREAM = re.compile(r"arn:aws:dynamodb:[^:]+:\d+:table/[^/]+/stream/.+")
_QUEUE = re.compile(r"arn:aws:sqs:[^:]+:\d+:[^:]+")
_POSITIONS = ("LATEST", "TRIM_HORIZON")
_YOUNGEST_LIMIT = 60  # seconds

# What a caller may name, beside what is taken from a call at creation alone.
_SETTINGS = {
    "BatchSize": "batch_size",
    "BisectBatchOnFunctionError": "bisects",
    "Enabled": "is_enabled",
    "MaximumBatchingWindowInSeconds": "window",
    "MaximumRecordAgeInSeconds": "record_age",
    "MaximumRetryAttempts": "retries",
}
_ONCE = frozenset({"EventSourceArn", "FunctionName", "StartingPosition", "UUID"})
_RANGES = {
    "BatchSize": (1, 10_000),
    "MaximumBatchingWindowInSeconds": (0, 300),
    "MaximumRecordAgeInSeconds": (FOREVER, 604_800),
    "MaximumRetryAttempts": (FOREVER, 10_000),
}


@dataclass(frozen=True)
class Mapping:
    """How a stream's records reach a function; ages and windows are in seconds, -1 stands for no limit."""

    uuid: str
    stream_arn: str
    function_arn: str
    starting_position: str
    batch_size: int = 100
    window: int = 0
    bisects: bool = False
    retries: int = FOREVER
    record_age: int = FOREVER
    is_partial: bool = False
    destination: str | None = None  # the ARN of the queue that is told of discarded records
    is_enabled: bool = True

    @property
    def region(self) -> str:
        return self.stream_arn.split(":")[3]

    @property
    def account(self) -> str:
        return self.stream_arn.split(":")[4]

    @property
    def table(self) -> str:
        return self.stream_arn.split("/")[1]

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account}:event-source-mapping:{self.uuid}"

    def changed(self, parameters: dict[str, Any]) -> "Mapping":
        """This mapping with what a Create or Update call says of it.

        Raises:
            AwsError: Lambda refuses it, or it names something that is not emulated.
        """
        _check(parameters)
        changes: dict[str, Any] = {
            ours: parameters[theirs] for theirs, ours in _SETTINGS.items() if parameters.get(theirs) is not None
        }
        if (types := parameters.get("FunctionResponseTypes")) is not None:
            changes["is_partial"] = PARTIAL in types
        if (destination := parameters.get("DestinationConfig")) is not None:
            changes["destination"] = _destination(destination)
        return replace(self, **changes)

    def invoking(self, function_arn: str) -> "Mapping":
        """This mapping with another function."""
        return replace(self, function_arn=function_arn)

    def describe(self) -> dict[str, Any]:
        """The members of a mapping's description that are settings."""
        return {
            "UUID": self.uuid,
            "EventSourceArn": self.stream_arn,
            "FunctionArn": self.function_arn,
            "EventSourceMappingArn": self.arn,
            "StartingPosition": self.starting_position,
            "BatchSize": self.batch_size,
            "MaximumBatchingWindowInSeconds": self.window,
            "ParallelizationFactor": 1,
            "TumblingWindowInSeconds": 0,
            "BisectBatchOnFunctionError": self.bisects,
            "MaximumRetryAttempts": self.retries,
            "MaximumRecordAgeInSeconds": self.record_age,
            "FunctionResponseTypes": [PARTIAL] if self.is_partial else [],
            "DestinationConfig": {"OnFailure": {"Destination": self.destination} if self.destination else {}},
        }


def create(uuid: str, function_arn: str, parameters: dict[str, Any]) -> Mapping:
    """The mapping that a CreateEventSourceMapping asks for; raises `AwsError` as `Mapping.changed` does."""
    stream, position = parameters.get("EventSourceArn", ""), parameters.get("StartingPosition")
    if not _DYNAMODB_STREAM.fullmatch(stream):
        raise _invalid(f"The sandbox runs event source mappings of DynamoDB streams alone, and {stream!r} is none.")
    if position not in _POSITIONS:
        raise _invalid(f"StartingPosition is {position!r}: for a DynamoDB stream it is {' or '.join(_POSITIONS)}.")
    return Mapping(uuid, stream, function_arn, position).changed(parameters)


def _check(parameters: dict[str, Any]) -> None:
    known = _ONCE | _SETTINGS.keys() | {"DestinationConfig", "FunctionResponseTypes"}
    neutral = {"ParallelizationFactor": 1, "TumblingWindowInSeconds": 0}
    for name, value in parameters.items():
        if name not in known and value != neutral.get(name) and value not in (None, {}, []):
            raise _invalid(f"The sandbox does not emulate {name} of event source mappings (here {value!r}).")
    for name, (low, high) in _RANGES.items():
        value = parameters.get(name)
        if value is not None and not low <= value <= high:
            raise _invalid(f"{name} is {value}: it must be from {low} to {high}.")
    age = parameters.get("MaximumRecordAgeInSeconds")
    if age is not None and age != FOREVER and age < _YOUNGEST_LIMIT:
        raise _invalid(f"MaximumRecordAgeInSeconds is {age}: it must be {FOREVER} or at least {_YOUNGEST_LIMIT}.")
    if unknown := set(parameters.get("FunctionResponseTypes") or []) - {PARTIAL}:
        raise _invalid(f"FunctionResponseTypes holds {', '.join(sorted(unknown))}: it may hold {PARTIAL}.")


def _destination(config: dict[str, Any]) -> str | None:
    if config.get("OnSuccess", {}).get("Destination"):
        raise _invalid("A stream's mapping has no OnSuccess destination.")
    arn = config.get("OnFailure", {}).get("Destination") or None
    if arn and not _QUEUE.fullmatch(arn):
        raise _invalid(f"The sandbox delivers discarded records to SQS queues alone, and {arn!r} is none.")
    return arn


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)

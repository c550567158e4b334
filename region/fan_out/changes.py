"""What a table's stream tells: which item changed, how, and how that is published."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .plain_json import plain

Publications = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Table -> INSERT, MODIFY or REMOVE -> the mutation's `field`, and the `document` that calls it with `$item`."""


@dataclass(frozen=True)
class Change:
    """One record of a stream that is to be published.

    Attributes:
        record: as Lambda hands it over ("Using AWS Lambda with Amazon DynamoDB" in the AWS Lambda Developer Guide).
        field: the mutation that publishes it.
        document: the operation that calls the mutation, with the item as its variable `$item`.
    """

    record: Mapping[str, Any]
    field: str
    document: str

    @property
    def event_id(self) -> str:
        """The record's own in its stream; the same each time that Lambda hands it over."""
        return str(self.record["eventID"])

    @property
    def sequence_number(self) -> str:
        return str(self.record["dynamodb"]["SequenceNumber"])

    @property
    def item_key(self) -> str:
        """The same for every change of one item, and for no other item's."""
        return json.dumps([self.record["eventSourceARN"], self.record["dynamodb"]["Keys"]], sort_keys=True)

    def item(self) -> dict[str, Any]:
        """The item as the change left it; a removed one as it was.

        Raises:
            Exception: the record holds no item that could be published.
        """
        change = self.record["dynamodb"]
        return plain(change["OldImage"] if self.record["eventName"] == "REMOVE" else change["NewImage"])


def published(records: Sequence[Mapping[str, Any]], publications: Publications) -> list[Change]:
    """The changes that are to be published, in the order of the stream. Not every table publishes every kind."""
    found = ((record, _publication(record, publications)) for record in records)
    return [Change(record, how["field"], how["document"]) for record, how in found if how]


def _publication(record: Mapping[str, Any], publications: Publications) -> Mapping[str, str] | None:
    return publications.get(_table(record["eventSourceARN"]), {}).get(record["eventName"])


def _table(stream_arn: str) -> str:
    """The name in `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>`."""
    return stream_arn.split("/")[1]

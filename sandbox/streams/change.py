"""The changes that a replica has yet to send to the others."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.streams.stream import Record, sequence_number, written_at

Item = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What became of an item: `item` as it is now, None where it was deleted.

    Of several changes that are combined only the last is sent, at the time when the first was due.
    """

    keys: Item
    item: Item | None
    stamp: str  # the sequence number of the local write: whoever has the highest wins
    since: float  # when the first of the changes that this one stands for was made, seconds

    @property
    def key(self) -> str:
        """The item's identity."""
        return json.dumps(self.keys, sort_keys=True)

    @property
    def request(self) -> dict[str, Any]:
        """The change as a member of a BatchWriteItem."""
        if self.item is None:
            return {"DeleteRequest": {"Key": self.keys}}
        return {"PutRequest": {"Item": self.item}}


def change_of(record: Record) -> Change:
    written = record["dynamodb"]
    return Change(written["Keys"], written.get("NewImage"), sequence_number(record), written_at(record))

"""Whether the region's store takes a write, and gives it back."""

import time
import uuid
from collections.abc import Callable
from typing import Any

_SECONDS_KEPT = 86_400
# Several instances of the function write the same item, and their clocks differ a little.
_LATEST_SECONDS = 60


class LostWriteError(Exception):
    """What was written and acknowledged is not what is read."""


class Canary:
    """One item of the region's canary table, which nobody else writes.

    Args:
        client: of DynamoDB.
        table: the physical name.
        region: the region's key.
        clock: seconds since 1970.
    """

    def __init__(self, client: Any, table: str, region: str, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._table = table
        self._key = {"id": {"S": f"health/{region}"}}
        self._clock = clock

    def sing(self) -> float:
        """Writes and reads; returns how long that took, in milliseconds.

        Raises:
            LostWriteError: the write is not there.
            Exception: what botocore raises where the table cannot be written or read.
        """
        began, now = time.monotonic(), self._clock()
        written = {
            "at": {"N": repr(now)},
            "by": {"S": str(uuid.uuid4())},
            "expires": {"N": str(int(now) + _SECONDS_KEPT)},
        }
        self._client.put_item(TableName=self._table, Item=self._key | written)
        found = self._client.get_item(TableName=self._table, Key=self._key, ConsistentRead=True).get("Item", {})
        if found.get("by") != written["by"] and now - float(found.get("at", {}).get("N", 0)) > _LATEST_SECONDS:
            raise LostWriteError("an acknowledged write is not there")
        return (time.monotonic() - began) * 1000

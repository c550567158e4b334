"""A reader of a table's stream in the emulator, which has one shard."""

import asyncio
from dataclasses import replace
from typing import Any

from sandbox.extensions.call import AwsError, Scope, Upstream

SHARD = "shardId-00000000000000000000-00000000"

# As GetRecords answers it.
Record = dict[str, Any]

_LOST = ("ExpiredIteratorException", "TrimmedDataAccessException")
_MILLISECONDS = 20  # the digits of a sequence number that say when, before those of a count over all streams


def sequence_number(record: Record) -> str:
    """Orders the writes of all tables in all regions of the emulator by when they were made."""
    return str(record["dynamodb"]["SequenceNumber"])


def written_at(record: Record) -> float:
    """When the write was made, in seconds of the Unix clock."""
    return int(sequence_number(record)[:_MILLISECONDS]) / 1000


class Stream:
    """Reads the stream of this ARN once, from its oldest record on."""

    def __init__(self, upstream: Upstream, scope: Scope, arn: str) -> None:
        self._upstream = upstream
        self._scope = replace(scope, service="dynamodbstreams")
        self._arn = arn
        self._iterator: str | None = None
        self._last = ""
        self._is_closed = False
        self._lock = asyncio.Lock()

    async def read(self) -> list[Record]:
        """Every record that was not read yet, the oldest first; those are none once the stream was disabled."""
        found: list[Record] = []
        async with self._lock:
            # A page ends at a thousand records or a megabyte: only an empty one says that there are no more.
            while not self._is_closed and (page := await self._page()):
                found += [record for record in page if sequence_number(record) > self._last]
                self._last = max(self._last, sequence_number(page[-1]))
        return found

    async def _page(self) -> list[Record]:
        try:
            if self._iterator is None:
                self._iterator = await self._from_oldest()
            answer = await self._upstream(self._scope, "GetRecords", ShardIterator=self._iterator)
        except AwsError as error:
            if error.code not in _LOST:
                raise
            # An iterator lasts fifteen minutes, a record a day: begin anew, and skip what was read.
            self._iterator = await self._from_oldest()
            answer = await self._upstream(self._scope, "GetRecords", ShardIterator=self._iterator)
        self._iterator = answer.get("NextShardIterator")
        self._is_closed = self._iterator is None
        return list(answer["Records"])

    async def _from_oldest(self) -> str:
        answer = await self._upstream(
            self._scope, "GetShardIterator", StreamArn=self._arn, ShardId=SHARD, ShardIteratorType="TRIM_HORIZON"
        )
        return str(answer["ShardIterator"])

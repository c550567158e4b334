"""One region's copy of a global table, as the replicator sees it."""

from collections.abc import Iterable
from dataclasses import replace

from sandbox.extensions.call import Upstream
from sandbox.streams.change import Change, change_of
from sandbox.streams.shared_lock import SharedLock
from sandbox.streams.stream import Stream
from sandbox.streams.writes import Place

_ITEMS_PER_CALL = 25  # BatchWriteItem's limit


class Replica:
    """What was written locally and the others do not have yet, and how new each item is.

    Replicated writes are told from local ones without touching an item: local writers share `lock`, the replicator
    takes it alone, reads what they wrote, writes, and then reads the records of its own writes, which are exactly
    those that are new.
    """

    def __init__(self, place: Place, upstream: Upstream, stream_arn: str, lock: SharedLock) -> None:
        self.place = place
        self.scope = place.scope
        self.is_written = False  # since the last `collect`
        self.pending: dict[str, Change] = {}
        # The newest write of an item that this replica has seen, deletions included.
        self.stamps: dict[str, str] = {}
        self._upstream = upstream
        self._stream = Stream(upstream, self.scope, stream_arn)
        self._lock = lock

    async def skip(self) -> None:
        """Takes everything in the stream for replicated."""
        await self._stream.read()

    async def collect(self) -> None:
        """Makes what was written locally pending."""
        self.is_written = False
        for record in await self._stream.read():
            change = change_of(record)
            waiting = self.pending.get(change.key)
            self.pending[change.key] = replace(change, since=waiting.since) if waiting else change
            self.stamps[change.key] = change.stamp

    async def apply(self, changes: list[Change]) -> None:
        """Writes those of the changes that are newer than what the replica has."""
        for start in range(0, len(changes), _ITEMS_PER_CALL):
            async with self._lock.alone():
                await self.collect()
                chunk = changes[start : start + _ITEMS_PER_CALL]
                newer = [change for change in chunk if change.stamp > self.stamps.get(change.key, "")]
                if newer:
                    await self._write(newer)

    async def _write(self, changes: Iterable[Change]) -> None:
        requests = [change.request for change in changes]
        try:
            await self._upstream(self.scope, "BatchWriteItem", RequestItems={self.place.table: requests})
        finally:
            await self.skip()
        self.stamps |= {change.key: change.stamp for change in changes}

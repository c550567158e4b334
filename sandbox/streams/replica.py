"""One region's copy of a global table, as the replicator sees it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sandbox.extensions.call import Upstream
from sandbox.streams.change import Change, change_of
from sandbox.streams.settings import Settings
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

    def __init__(self, place: Place, upstream: Upstream, stream_arn: str, lock: SharedLock, settings: Settings) -> None:
        self.place = place
        self.scope = place.scope
        self.is_written = False  # since the last `collect`
        # An item's changes, the oldest first.
        self.pending: dict[str, list[Change]] = {}
        # The newest write of an item that this replica has seen, deletions included.
        self.stamps: dict[str, str] = {}
        self._upstream = upstream
        self._stream = Stream(upstream, self.scope, stream_arn)
        self._lock = lock
        self._settings = settings

    async def skip(self) -> None:
        """Takes everything in the stream for replicated."""
        await self._stream.read()

    async def collect(self) -> None:
        """Makes what was written locally pending."""
        self.is_written = False
        for record in await self._stream.read():
            change = change_of(record)
            waiting = self.pending.setdefault(change.key, [])
            if waiting and self._settings.combines(waiting[-1].since, change.since):
                waiting[-1] = replace(change, since=waiting[-1].since)
            else:
                waiting.append(change)
            self.stamps[change.key] = change.stamp

    def due(self, until: float | None) -> list[Change]:
        """What has been pending since `until` or longer, or all that is, in the order of the writes."""
        changes = (change for waiting in self.pending.values() for change in waiting)
        due = [change for change in changes if until is None or change.since <= until]
        return sorted(due, key=lambda change: change.stamp)

    def sent(self, changes: Iterable[Change]) -> None:
        """Says that these are pending no more."""
        for change in changes:
            waiting = self.pending[change.key]
            waiting.remove(change)
            if not waiting:
                del self.pending[change.key]

    async def apply(self, changes: list[Change]) -> None:
        """Writes those of the changes that are newer than what the replica has."""
        for chunk in _chunks(changes):
            async with self._lock.alone():
                await self.collect()
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


def _chunks(changes: list[Change]) -> Iterator[list[Change]]:
    """What one BatchWriteItem takes: not too many, and each item once."""
    chunk: dict[str, Change] = {}
    for change in changes:
        if len(chunk) == _ITEMS_PER_CALL or change.key in chunk:
            yield list(chunk.values())
            chunk = {}
        chunk[change.key] = change
    if chunk:
        yield list(chunk.values())

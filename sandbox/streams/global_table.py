"""A global table: its replicas, and what keeps them the same."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from sandbox.background import end
from sandbox.cloudwatch.table_metrics import TableMetrics
from sandbox.extensions.call import AwsError
from sandbox.faults.state import Faults
from sandbox.streams.backlog import Backlog
from sandbox.streams.change import Change
from sandbox.streams.replica import Replica
from sandbox.streams.settings import Settings
from sandbox.streams.writes import Place

log = logging.getLogger(__name__)

_SHORTEST_PAUSE = 0.02  # seconds between two rounds, so that a steady writer keeps nobody busy
_AFTER_ERROR = 1.0  # seconds


class GlobalTable:
    """Sends what is written to one replica on to the others; the last writer of an item wins.

    With eventual consistency (MREC) that happens beside the writes, `settings.lag` after each. With strong
    consistency (MRSC) a write is over when all replicas have it, and one write follows the other. DynamoDB would
    refuse one of two that collide, with ReplicatedWriteConflictException; here they wait for each other.

    `on_applied` gets the replica that replicated writes have reached. For those that `faults` keep apart they wait in
    `backlog`, and follow when `hurry` says that they may. A strong write needs one other replica, for a majority.
    """

    def __init__(
        self,
        settings: Settings,
        on_applied: Callable[[Place], None],
        faults: Faults,
        metrics: TableMetrics,
        *,
        is_strong: bool,
    ) -> None:
        self.is_strong = is_strong
        self.replicas: dict[str, Replica] = {}
        # Region -> when it last was the source of a new replica.
        self.sources: dict[str, float] = {}
        # Held while changes are sent and while replicas come and go.
        self.lock = asyncio.Lock()
        self.backlog = Backlog()
        self._settings = settings
        self._on_applied = on_applied
        self._faults = faults
        self._metrics = metrics
        self._due = asyncio.Event()
        self._hurry = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await end(self._task)

    def written(self, region: str) -> None:
        """Says that items may have been written in `region`."""
        self.replicas[region].is_written = True
        self._due.set()

    def hurry(self) -> None:
        """Says that the settings have changed, or what is connected with what."""
        self._due.set()
        self._hurry.set()

    @asynccontextmanager
    async def writing_strongly(self, region: str) -> AsyncIterator[None]:
        """Surrounds a write in `region`, which all replicas that it is connected with have at the end.

        Raises:
            AwsError: these are too few.
        """
        async with self.lock:
            self._require_majority(region)
            try:
                yield
            finally:
                if region in self.replicas:
                    await self.drain(self.replicas[region])

    async def drain(self, replica: Replica) -> None:
        """Sends on whatever the replica has of its own; `lock` is held, and nobody writes to it."""
        await replica.collect()
        await self._send(replica)

    def _require_majority(self, region: str) -> None:
        own = self.replicas[region].place
        if not any(
            self._faults.now.are_connected(own, each.place) for each in self.replicas.values() if each.place != own
        ):
            raise AwsError("InternalServerError", f"{own.table} in {region} reaches no other replica.", 500)

    async def _run(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            wait: float | None = self._settings.lag
            while wait is not None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._hurry.wait(), wait)
                self._hurry.clear()
                try:
                    async with self.lock:
                        wait = await self._round()
                except Exception:  # whatever it was, what is pending still is
                    log.exception("replication failed and is tried again")
                    wait = _AFTER_ERROR

    async def _round(self) -> float | None:
        """Sends on what is due; the seconds until more will be, None where nothing waits for its time."""
        for replica in self.replicas.values():
            if replica.is_written:
                await replica.collect()
        if self._settings.paused:
            return None
        await self._catch_up()
        for replica in self.replicas.values():
            await self._send(replica, until=time.time() - self._settings.lag)
        waiting = [change.since for replica in self.replicas.values() for change in replica.due(None)]
        if not waiting and not self.backlog:
            # Every write to come is newer than any that was seen, so there is nothing left to compare it with.
            for replica in self.replicas.values():
                replica.stamps.clear()
        if not waiting:
            return None
        return max(min(waiting) + self._settings.lag - time.time(), _SHORTEST_PAUSE)

    async def _catch_up(self) -> None:
        for origin, target in self.backlog.ways():
            replica = self.replicas.get(target)
            if replica is not None and not self._faults.now.are_connected(replica.place.of(origin), replica.place):
                continue
            if replica is not None:
                await self._give(origin, replica, self.backlog.waiting((origin, target)))
            self.backlog.sent((origin, target))

    async def _send(self, source: Replica, until: float | None = None) -> None:
        """Sends on what has been pending at `source` since `until` or longer, or all that is."""
        changes = source.due(until)
        others = []
        for replica in self.replicas.values():
            if replica is not source and self._faults.now.are_connected(source.place, replica.place):
                others.append(replica)
            elif replica is not source:
                self.backlog.add((source.place.region, replica.place.region), changes)
        for outcome in await asyncio.gather(
            *(self._give(source.place.region, r, changes) for r in others), return_exceptions=True
        ):
            if outcome is not None:
                raise outcome
        source.sent(changes)

    async def _give(self, origin: str, replica: Replica, changes: list[Change]) -> None:
        if changes:
            try:
                await replica.apply(changes)
            finally:
                self._on_applied(replica.place)
            if not self.is_strong:
                self._measure(origin, replica.place, changes)

    def _measure(self, origin: str, reached: Place, changes: list[Change]) -> None:
        now = time.time()
        for change in changes:
            self._metrics.replicated(origin, reached.table, reached.region, now - change.since)

"""Which tables are replicas of which global table, and how replicas come and go without losing a row."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sandbox.cloudwatch.table_metrics import TableMetrics
from sandbox.extensions.call import AwsError, Scope, Upstream
from sandbox.faults.state import Faults
from sandbox.streams.global_table import GlobalTable
from sandbox.streams.replica import Replica
from sandbox.streams.settings import Settings
from sandbox.streams.shared_lock import SharedLock
from sandbox.streams.table_settings import STREAM, definition, invalid, require_strong
from sandbox.streams.writes import Place

_ITEMS_PER_CALL = 25  # BatchWriteItem's limit
_SOURCE_SECONDS = 24 * 60 * 60


class Membership:
    """The global tables of all accounts; `on_replicated` gets each place that replication may have written to.

    What is written at one place reaches another as `faults` let it.
    """

    def __init__(
        self,
        upstream: Upstream,
        settings: Settings,
        on_replicated: Callable[[Place], None],
        faults: Faults,
        metrics: TableMetrics,
    ) -> None:
        # Of every table, so that a write which began before its table became a replica is waited for too.
        self.locks: defaultdict[Place, SharedLock] = defaultdict(SharedLock)
        self._upstream = upstream
        self._settings = settings
        self._on_replicated = on_replicated
        self._faults = faults
        self._metrics = metrics
        self._tables: dict[Place, GlobalTable] = {}

    @property
    def tables(self) -> set[GlobalTable]:
        return set(self._tables.values())

    def find(self, place: Place) -> GlobalTable | None:
        """The global table that the table at `place` is a replica of."""
        return self._tables.get(place)

    def scopes(self, place: Place) -> list[Scope]:
        """Where the other replicas of the table at `place` are."""
        return [replica.scope for replica in self._tables[place].replicas.values() if replica.place != place]

    async def stop(self) -> None:
        """Ends the replication."""
        await asyncio.gather(*(table.stop() for table in self.tables))

    async def add(self, place: Place, regions: list[str], *, is_strong: bool) -> None:
        """Gives the table at `place` replicas in `regions`, which have all its rows when this returns.

        Raises:
            AwsError: DynamoDB would refuse it.
        """
        source = (await self._upstream(place.scope, "DescribeTable", TableName=place.table))["Table"]
        expiry = (await self._upstream(place.scope, "DescribeTimeToLive", TableName=place.table))[
            "TimeToLiveDescription"
        ]
        for region in regions:
            if await self._exists(place.of(region)):
                raise invalid(
                    f"Failed to create a the new replica of table with name: '{place.table}' because one or more "
                    "replicas already existed as tables."
                )
        table = self._tables.get(place)
        if is_strong or (table is not None and table.is_strong):
            rows = (await self._upstream(place.scope, "Scan", TableName=place.table, Limit=1))["Items"]
            everywhere = {place.region, *regions}
            require_strong(everywhere, source, expiry, has_replicas=table is not None, has_rows=bool(rows))
        if table is None:
            table = await self._found(place, source, is_strong=is_strong)
        try:
            async with table.lock:
                for region in regions:
                    await self._copy(table, place.of(region), table.replicas[place.region], source, expiry)
                table.sources[place.region] = time.time()
        finally:
            await self._dissolve(table)

    async def remove(self, place: Place, regions: list[str]) -> None:
        """Takes the replicas in `regions` from the table at `place`; what they alone have is sent on before.

        Raises:
            AwsError: DynamoDB would refuse it.
        """
        table = self._tables.get(place)
        if table is None or not table.replicas.keys() >= set(regions):
            raise invalid(
                "Replica specified in the Replica Update or Replica Delete action of the request was not found."
            )
        if table.is_strong and len(regions) < len(table.replicas) - 1:
            raise invalid("The two other replicas of a strongly consistent table are removed in one call.")
        async with table.lock:
            for region in regions:
                await self._delete(table, place.of(region))
        await self._dissolve(table)

    async def delete(self, place: Place) -> dict[str, Any]:
        """Deletes the replica at `place` itself; the emulator's answer.

        Raises:
            AwsError: DynamoDB would refuse it.
        """
        table = self._tables[place]
        if table.is_strong:
            raise invalid(
                "A replica of a strongly consistent table is not deleted alone; remove the other two at once."
            )
        if time.time() - table.sources.get(place.region, 0) < _SOURCE_SECONDS:
            raise invalid(
                "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to "
                "the table in the last 24 hours."
            )
        async with table.lock:
            answer = await self._delete(table, place)
        await self._dissolve(table)
        return answer

    async def _found(self, place: Place, source: dict[str, Any], *, is_strong: bool) -> GlobalTable:
        """Makes the first replica of a table that has been an ordinary one."""
        if not source.get("StreamSpecification", {}).get("StreamEnabled"):
            answer = await self._upstream(place.scope, "UpdateTable", TableName=place.table, StreamSpecification=STREAM)
            source = answer["TableDescription"]
        elif source["StreamSpecification"] != STREAM:
            raise invalid(f"The stream of {place.table} must have NEW_AND_OLD_IMAGES for replicas to be added.")
        table = GlobalTable(self._settings, self._on_replicated, self._faults, self._metrics, is_strong=is_strong)
        replica = Replica(place, self._upstream, source["LatestStreamArn"], self.locks[place], self._settings)
        # Every row there is will be copied; only what is written from now on has to be sent.
        await replica.skip()
        table.replicas[place.region] = replica
        self._tables[place] = table
        return table

    async def _copy(
        self, table: GlobalTable, place: Place, source: Replica, described: dict[str, Any], expiry: dict[str, Any]
    ) -> None:
        """Makes a replica that has every row of `source`; what is written there meanwhile is pending."""
        async with self.locks[place].alone():
            created = await self._upstream(place.scope, "CreateTable", **definition(described))
            if expiry["TimeToLiveStatus"] == "ENABLED":
                specification = {"Enabled": True, "AttributeName": expiry["AttributeName"]}
                await self._upstream(
                    place.scope, "UpdateTimeToLive", TableName=place.table, TimeToLiveSpecification=specification
                )
            arn = created["TableDescription"]["LatestStreamArn"]
            replica = Replica(place, self._upstream, arn, self.locks[place], self._settings)
            await source.collect()
            replica.stamps = dict(source.stamps)
            await self._copy_rows(source.place, place)
            await replica.skip()
            table.replicas[place.region] = replica
            table.backlog.inherit(place.region, source.place.region)
            self._tables[place] = table
        table.written(source.place.region)

    async def _copy_rows(self, source: Place, target: Place) -> None:
        position: dict[str, Any] = {}
        while True:
            page = await self._upstream(source.scope, "Scan", TableName=source.table, **position)
            requests = [{"PutRequest": {"Item": item}} for item in page["Items"]]
            for start in range(0, len(requests), _ITEMS_PER_CALL):
                chunk = requests[start : start + _ITEMS_PER_CALL]
                await self._upstream(target.scope, "BatchWriteItem", RequestItems={target.table: chunk})
            if "LastEvaluatedKey" not in page:
                return
            position = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    async def _delete(self, table: GlobalTable, place: Place) -> dict[str, Any]:
        """Deletes a replica when the others have all that it has."""
        async with self.locks[place].alone():
            await table.drain(table.replicas[place.region])
            answer = await self._upstream(place.scope, "DeleteTable", TableName=place.table)
            del table.replicas[place.region], self._tables[place]
        return answer

    async def _dissolve(self, table: GlobalTable) -> None:
        """Makes an ordinary table of a global one that has a single replica left."""
        if len(table.replicas) == 1:
            await table.stop()
            for replica in table.replicas.values():
                del self._tables[replica.place]

    async def _exists(self, place: Place) -> bool:
        try:
            await self._upstream(place.scope, "DescribeTable", TableName=place.table)
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return False
            raise
        return True

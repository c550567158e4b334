"""DynamoDB global tables, version 2019.11.21: replicas are tables of the emulator, kept the same from here.

The emulator replicates synchronously, so that no write meets another and no reader ever sees an old item.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.extensions.call import AwsError, Call, Handler, Scope, Upstream
from sandbox.streams.global_table import GlobalTable, Settings
from sandbox.streams.replica import Replica
from sandbox.streams.shared_lock import SharedLock
from sandbox.streams.table_settings import OWN, REGION_SETS, STREAM, STRONG_REGIONS, definition
from sandbox.streams.writes import TRANSACTIONS, Place, table_name, written_tables

VERSION = "2019.11.21"
_SOURCE_SECONDS = 24 * 60 * 60
_ITEMS_PER_CALL = 25
_STRONG = "STRONG"


class GlobalTables:
    """The global tables of all accounts.

    `on_write` gets each place where a caller may have written items, `on_replicated` each where replication may have.
    """

    def __init__(
        self, upstream: Upstream, *, on_write: Callable[[Place], None], on_replicated: Callable[[Place], None]
    ) -> None:
        self._upstream = upstream
        self._on_write = on_write
        self._on_replicated = on_replicated
        self._settings = Settings()
        self._tables: dict[Place, GlobalTable] = {}
        # Of every table: what a write began as is settled before a replica takes part in anything.
        self._locks: defaultdict[Place, SharedLock] = defaultdict(SharedLock)

    @property
    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("dynamodb", "DescribeTable"): self._describe,
            ("dynamodb", "UpdateTable"): self._update,
            ("dynamodb", "DeleteTable"): self._delete,
            ("dynamodb", "UpdateTimeToLive"): self._update_expiry,
        }

    async def stop(self) -> None:
        """Ends the replication."""
        await asyncio.gather(*(table.stop() for table in set(self._tables.values())))

    @asynccontextmanager
    async def writing(self, call: Call) -> AsyncIterator[None]:
        """Surrounds a call that may write items while the emulator executes it.

        Raises:
            AwsError: global tables do not take such a call.
        """
        places = [_place(call.scope, name) for name in sorted(written_tables(call.operation, call.parameters))]
        async with AsyncExitStack() as held:
            for place in places:
                table = self._tables.get(place)
                if table is not None and table.is_strong:
                    if call.operation in TRANSACTIONS:
                        raise _invalid(f"Transactions are not supported on {place.table}: it is strongly consistent.")
                    await held.enter_async_context(table.writing_strongly(place.region))
                else:
                    await held.enter_async_context(self._locks[place].shared())
            try:
                yield
            finally:
                for place in places:
                    if place in self._tables:
                        self._tables[place].written(place.region)
                    self._on_write(place)

    async def show(self, _: web.Request) -> web.Response:
        """What `PUT /_sandbox/replication` can set, as it is."""
        return web.json_response(asdict(self._settings))

    async def control(self, request: web.Request) -> web.Response:
        """Sets the lag in seconds, and whether replication is paused; what is not given stays as it is."""
        try:
            given = await request.json()
            if not isinstance(given, dict) or (unknown := given.keys() - {"lag", "paused"}):
                raise ValueError(f"not a setting: {', '.join(sorted(unknown))}")  # noqa: TRY301 - one answer for all
            lag, paused = given.get("lag", self._settings.lag), given.get("paused", self._settings.paused)
        except (ValueError, json.JSONDecodeError) as error:
            return web.json_response({"message": str(error)}, status=400)
        self._settings.lag, self._settings.paused = lag, paused
        for table in set(self._tables.values()):
            table.hurry()
        return await self.show(request)

    async def _describe(self, call: Call, upstream: Upstream) -> dict[str, Any] | None:
        place = _place(call.scope, call.parameters["TableName"])
        if place not in self._tables:
            return None
        answer = await upstream(call.scope, "DescribeTable", TableName=place.table)
        return {"Table": answer["Table"] | self._members(place)}

    async def _update(self, call: Call, upstream: Upstream) -> dict[str, Any] | None:
        place = _place(call.scope, call.parameters["TableName"])
        settings = {
            name: value
            for name, value in call.parameters.items()
            if name not in ("TableName", "ReplicaUpdates", "MultiRegionConsistency")
        }
        updates = call.parameters.get("ReplicaUpdates", [])
        if updates and settings:
            raise _invalid(f"ReplicaUpdates go in a call of their own, without {', '.join(sorted(settings))}.")
        if updates:
            await self._update_replicas(place, updates, call.parameters.get("MultiRegionConsistency", "EVENTUAL"))
            answer = await upstream(call.scope, "DescribeTable", TableName=place.table)
            return {"TableDescription": answer["Table"] | self._members(place)}
        if place not in self._tables:
            return None
        if "StreamSpecification" in settings:
            raise _invalid("The stream of a global table's replica cannot be changed: replication reads it.")
        answer = await upstream(call.scope, "UpdateTable", TableName=place.table, **settings)
        if common := {name: value for name, value in settings.items() if name not in OWN}:
            for scope in self._others(place):
                await upstream(scope, "UpdateTable", TableName=place.table, **common)
        return {"TableDescription": answer["TableDescription"] | self._members(place)}

    async def _update_expiry(self, call: Call, upstream: Upstream) -> dict[str, Any] | None:
        place = _place(call.scope, call.parameters["TableName"])
        if place not in self._tables:
            return None
        if self._tables[place].is_strong:
            raise _invalid(f"Time to Live is not supported on {place.table}: it is strongly consistent.")
        parameters = call.parameters | {"TableName": place.table}
        answer = await upstream(call.scope, "UpdateTimeToLive", **parameters)
        for scope in self._others(place):
            await upstream(scope, "UpdateTimeToLive", **parameters)
        return answer

    async def _delete(self, call: Call, _: Upstream) -> dict[str, Any] | None:
        place = _place(call.scope, call.parameters["TableName"])
        table = self._tables.get(place)
        if table is None:
            return None
        if table.is_strong:
            raise _invalid(
                "A replica of a strongly consistent table is not deleted alone; remove the other two at once."
            )
        if time.time() - table.sources.get(place.region, 0) < _SOURCE_SECONDS:
            raise _invalid(
                "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to "
                "the table in the last 24 hours."
            )
        members = self._members(place)
        async with table.lock:
            answer = await self._remove(table, place)
        await self._dissolve(table)
        return {"TableDescription": answer["TableDescription"] | members}

    async def _update_replicas(self, place: Place, updates: list[dict[str, Any]], consistency: str) -> None:
        kinds = {kind for update in updates for kind in update}
        if "Update" in kinds:
            raise _invalid("The sandbox does not emulate settings of a replica that differ from its table's.")
        regions = {kind: [update[kind]["RegionName"] for update in updates if kind in update] for kind in kinds}
        if any(place.region in named for named in regions.values()):
            raise _invalid(
                "Cannot add, delete, or update the local region through ReplicaUpdates. "
                "Use CreateTable, DeleteTable, or UpdateTable as required."
            )
        if overridden := {name for update in updates for given in update.values() for name in given} - {"RegionName"}:
            raise _invalid(f"The sandbox does not emulate {', '.join(sorted(overridden))} of a replica.")
        if leaving := regions.get("Delete"):
            await self._delete_replicas(place, leaving)
        if joining := regions.get("Create"):
            await self._create_replicas(place, joining, is_strong=consistency == _STRONG)

    async def _delete_replicas(self, place: Place, regions: list[str]) -> None:
        table = self._tables.get(place)
        if table is None or not table.replicas.keys() >= set(regions):
            raise _invalid(
                "Replica specified in the Replica Update or Replica Delete action of the request was not found."
            )
        if table.is_strong and len(regions) < len(table.replicas) - 1:
            raise _invalid("The two other replicas of a strongly consistent table are removed in one call.")
        async with table.lock:
            for region in regions:
                await self._remove(table, place._replace(region=region))
        await self._dissolve(table)

    async def _remove(self, table: GlobalTable, place: Place) -> dict[str, Any]:
        """Deletes a replica when the others have all that it has."""
        replica = table.replicas[place.region]
        async with self._locks[place].alone():
            await table.drain(replica)
            answer = await self._upstream(replica.scope, "DeleteTable", TableName=place.table)
            del table.replicas[place.region], self._tables[place]
        return answer

    async def _dissolve(self, table: GlobalTable) -> None:
        """Makes an ordinary table of a global one that has a single replica left."""
        if len(table.replicas) == 1:
            await table.stop()
            for replica in table.replicas.values():
                del self._tables[replica.place]

    async def _create_replicas(self, place: Place, regions: list[str], *, is_strong: bool) -> None:
        scope = _scope(place)
        source = (await self._upstream(scope, "DescribeTable", TableName=place.table))["Table"]
        expiry = (await self._upstream(scope, "DescribeTimeToLive", TableName=place.table))["TimeToLiveDescription"]
        table = self._tables.get(place)
        for region in regions:
            if await self._exists(place._replace(region=region)):
                raise _invalid(
                    f"Failed to create a the new replica of table with name: '{place.table}' because one or more "
                    "replicas already existed as tables."
                )
        if is_strong or (table is not None and table.is_strong):
            _require_strong(place, regions, source, expiry, has_replicas=table is not None)
        if table is None:
            table = await self._found(place, source, is_strong=is_strong)
        try:
            async with table.lock:
                for region in regions:
                    await self._add(table, place._replace(region=region), table.replicas[place.region], source, expiry)
                table.sources[place.region] = time.time()
        finally:
            await self._dissolve(table)

    async def _found(self, place: Place, source: dict[str, Any], *, is_strong: bool) -> GlobalTable:
        """Makes the first replica of a table that has been an ordinary one."""
        if not source.get("StreamSpecification", {}).get("StreamEnabled"):
            answer = await self._upstream(
                _scope(place), "UpdateTable", TableName=place.table, StreamSpecification=STREAM
            )
            source = answer["TableDescription"]
        elif source["StreamSpecification"] != STREAM:
            raise _invalid(f"The stream of {place.table} must have NEW_AND_OLD_IMAGES for replicas to be added.")
        table = GlobalTable(self._settings, self._on_replicated, is_strong=is_strong)
        replica = Replica(place, self._upstream, source["LatestStreamArn"], self._locks[place])
        # Every row there is will be copied; only what is written from now on has to be sent.
        await replica.skip()
        table.replicas[place.region] = replica
        self._tables[place] = table
        return table

    async def _add(
        self, table: GlobalTable, place: Place, source: Replica, described: dict[str, Any], expiry: dict[str, Any]
    ) -> None:
        """Makes a replica that has every row of `source`; what is written meanwhile is pending there."""
        scope = _scope(place)
        async with self._locks[place].alone():
            created = await self._upstream(scope, "CreateTable", **definition(described))
            if expiry["TimeToLiveStatus"] == "ENABLED":
                specification = {"Enabled": True, "AttributeName": expiry["AttributeName"]}
                await self._upstream(
                    scope, "UpdateTimeToLive", TableName=place.table, TimeToLiveSpecification=specification
                )
            arn = created["TableDescription"]["LatestStreamArn"]
            replica = Replica(place, self._upstream, arn, self._locks[place])
            await source.collect()
            replica.stamps = dict(source.stamps)
            await self._copy(source.scope, scope, place.table)
            await replica.skip()
            table.replicas[place.region] = replica
            self._tables[place] = table
        table.written(source.place.region)

    async def _copy(self, source: Scope, target: Scope, table: str) -> None:
        position: dict[str, Any] = {}
        while True:
            page = await self._upstream(source, "Scan", TableName=table, ConsistentRead=True, **position)
            requests = [{"PutRequest": {"Item": item}} for item in page["Items"]]
            for start in range(0, len(requests), _ITEMS_PER_CALL):
                chunk = requests[start : start + _ITEMS_PER_CALL]
                await self._upstream(target, "BatchWriteItem", RequestItems={table: chunk})
            if "LastEvaluatedKey" not in page:
                return
            position = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    async def _exists(self, place: Place) -> bool:
        try:
            await self._upstream(_scope(place), "DescribeTable", TableName=place.table)
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return False
            raise
        return True

    def _others(self, place: Place) -> list[Scope]:
        return [replica.scope for replica in self._tables[place].replicas.values() if replica.place != place]

    def _members(self, place: Place) -> dict[str, Any]:
        """What a table's description says of the global table that it belongs to."""
        table = self._tables.get(place)
        if table is None:
            return {}
        return {
            "GlobalTableVersion": VERSION,
            "MultiRegionConsistency": _STRONG if table.is_strong else "EVENTUAL",
            "Replicas": [
                {
                    "RegionName": region,
                    "ReplicaArn": f"arn:aws:dynamodb:{region}:{place.account}:table/{place.table}",
                    "ReplicaStatus": "ACTIVE",
                }
                for region in sorted(table.replicas)
                if region != place.region
            ],
        }


def _place(scope: Scope, name_or_arn: str) -> Place:
    return Place(scope.account, scope.region, table_name(name_or_arn))


def _scope(place: Place) -> Scope:
    return Scope(place.account, place.region, "dynamodb")


def _require_strong(
    place: Place, regions: list[str], table: dict[str, Any], expiry: dict[str, Any], *, has_replicas: bool
) -> None:
    """Raises `AwsError` where a table cannot become strongly consistent over these regions and its own."""
    everywhere = {place.region, *regions}
    problems = {
        "the mode of a table that has replicas is fixed": has_replicas,
        f"it takes exactly {STRONG_REGIONS} regions, not {len(everywhere)}": len(everywhere) != STRONG_REGIONS,
        f"{', '.join(sorted(everywhere))} are not of one region set": not any(everywhere <= s for s in REGION_SETS),
        "the table must be empty": table["ItemCount"] > 0,
        "Time to Live is not supported": expiry["TimeToLiveStatus"] == "ENABLED",
        "local secondary indexes are not supported": bool(table.get("LocalSecondaryIndexes")),
    }
    if found := [problem for problem, is_there in problems.items() if is_there]:
        raise _invalid(f"{place.table} cannot be strongly consistent: {'; '.join(found)}.")


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)

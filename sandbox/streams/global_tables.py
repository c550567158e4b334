"""DynamoDB global tables, version 2019.11.21: replicas are tables of the emulator, kept the same from here.

The emulator replicates synchronously, so that no write meets another and no reader ever sees an old item.
"""

import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.cloudwatch.table_metrics import TableMetrics
from sandbox.control_body import sent
from sandbox.extensions.call import Call, Handler, Scope, Upstream
from sandbox.faults.state import Faults
from sandbox.streams.membership import Membership
from sandbox.streams.settings import Settings
from sandbox.streams.table_settings import OWN, STRONG, invalid
from sandbox.streams.writes import PARTIQL, TRANSACTIONS, Place, given_tables, table_name, written_tables

VERSION = "2019.11.21"
_OF_REPLICAS = ("TableName", "ReplicaUpdates", "MultiRegionConsistency")


class GlobalTables:
    """The global tables of all accounts.

    `on_write` gets each place where a caller may have written items, `on_replicated` each where replication may have.
    What is written at one place reaches another as `faults` let it.
    """

    def __init__(
        self,
        upstream: Upstream,
        *,
        on_write: Callable[[Place], None],
        on_replicated: Callable[[Place], None],
        faults: Faults,
        metrics: TableMetrics,
    ) -> None:
        self._upstream = upstream
        self._on_write = on_write
        self._settings = Settings()
        self._members = Membership(upstream, self._settings, on_replicated, faults, metrics)
        faults.watch(self._hurry)

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
        await self._members.stop()

    async def _hurry(self) -> None:
        """Looks for what can be replicated now."""
        for table in self._members.tables:
            table.hurry()

    @asynccontextmanager
    async def writing(self, call: Call) -> AsyncIterator[None]:
        """Surrounds a call that may write items while the emulator executes it.

        Raises:
            AwsError: global tables do not take such a call.
        """
        await self._require_emulated(call)
        # In one order for all, so that no two calls wait for each other.
        places = [_place(call.scope, name) for name in sorted(written_tables(call.operation, call.parameters))]
        async with AsyncExitStack() as held:
            for place in places:
                table = self._members.find(place)
                if table is None or not table.is_strong:
                    await held.enter_async_context(self._members.locks[place].shared())
                elif call.operation in TRANSACTIONS:
                    raise invalid(f"Transactions are not supported on {place.table}: it is strongly consistent.")
                else:
                    await held.enter_async_context(table.writing_strongly(place.region))
            try:
                yield
            finally:
                for place in places:
                    if table := self._members.find(place):
                        table.written(place.region)
                    self._on_write(place)

    async def _require_emulated(self, call: Call) -> None:
        """Raises `AwsError` for writes that the emulator would keep from a stream, or not make at all."""
        if call.operation == "TransactWriteItems":
            if arns := [given for given in given_tables(call.operation, call.parameters) if ":" in given]:
                raise invalid(f"The sandbox takes a table in a transaction by its name, not by its ARN: {arns[0]}.")
        elif call.operation in PARTIQL:
            for name in written_tables(call.operation, call.parameters):
                table = (await self._upstream(call.scope, "DescribeTable", TableName=name))["Table"]
                if table.get("StreamSpecification", {}).get("StreamEnabled"):
                    raise invalid(
                        f"The sandbox does not emulate PartiQL writes to {name}: it has a stream, which would not tell "
                        "of them. Use PutItem, UpdateItem or DeleteItem."
                    )

    async def show(self, _: web.Request) -> web.Response:
        """How replication behaves: the lag in seconds, and whether it is paused."""
        return web.json_response(asdict(self._settings))

    async def control(self, request: web.Request) -> web.Response:
        """Sets what `show` shows; what is not given stays as it is."""
        try:
            settings = Settings(**(asdict(self._settings) | await sent(request)))
            if not isinstance(settings.paused, bool) or not 0 <= settings.lag < math.inf:
                raise ValueError  # noqa: TRY301 - one answer for all that is wrong
        except (TypeError, ValueError):
            message = 'Send {"lag": seconds, from 0 on, "paused": true or false}, or one of them.'
            return web.json_response({"message": message}, status=400)
        self._settings.lag, self._settings.paused = settings.lag, settings.paused
        await self._hurry()
        return await self.show(request)

    async def _describe(self, call: Call, upstream: Upstream) -> dict[str, Any] | None:
        place = _place(call.scope, call.parameters["TableName"])
        if self._members.find(place) is None:
            return None
        answer = await upstream(call.scope, "DescribeTable", TableName=place.table)
        return {"Table": answer["Table"] | self._replicas(place)}

    async def _update(self, call: Call, upstream: Upstream) -> dict[str, Any] | None:
        place = _place(call.scope, call.parameters["TableName"])
        settings = {name: value for name, value in call.parameters.items() if name not in _OF_REPLICAS}
        updates = call.parameters.get("ReplicaUpdates", [])
        if updates and settings:
            raise invalid(f"ReplicaUpdates go in a call of their own, without {', '.join(sorted(settings))}.")
        if updates:
            await self._update_replicas(place, updates, call.parameters.get("MultiRegionConsistency", "EVENTUAL"))
            answer = await upstream(call.scope, "DescribeTable", TableName=place.table)
            return {"TableDescription": answer["Table"] | self._replicas(place)}
        if self._members.find(place) is None:
            return None
        if "StreamSpecification" in settings:
            raise invalid("The stream of a global table's replica cannot be changed: replication reads it.")
        answer = await upstream(call.scope, "UpdateTable", TableName=place.table, **settings)
        if common := {name: value for name, value in settings.items() if name not in OWN}:
            for scope in self._members.scopes(place):
                await upstream(scope, "UpdateTable", TableName=place.table, **common)
        return {"TableDescription": answer["TableDescription"] | self._replicas(place)}

    async def _update_replicas(self, place: Place, updates: list[dict[str, Any]], consistency: str) -> None:
        regions: dict[str, list[str]] = {"Create": [], "Delete": [], "Update": []}
        for update in updates:
            for kind, given in update.items():
                regions[kind].append(given["RegionName"])
                if overridden := given.keys() - {"RegionName"}:
                    raise invalid(f"The sandbox does not emulate {', '.join(sorted(overridden))} of a replica.")
        if any(place.region in named for named in regions.values()):
            raise invalid(
                "Cannot add, delete, or update the local region through ReplicaUpdates. "
                "Use CreateTable, DeleteTable, or UpdateTable as required."
            )
        if leaving := regions["Delete"]:
            await self._members.remove(place, leaving)
        if joining := regions["Create"]:
            await self._members.add(place, joining, is_strong=consistency == STRONG)

    async def _delete(self, call: Call, _: Upstream) -> dict[str, Any] | None:
        place = _place(call.scope, call.parameters["TableName"])
        if self._members.find(place) is None:
            return None
        replicas = self._replicas(place)
        answer = await self._members.delete(place)
        return {"TableDescription": answer["TableDescription"] | replicas}

    async def _update_expiry(self, call: Call, upstream: Upstream) -> dict[str, Any] | None:
        place = _place(call.scope, call.parameters["TableName"])
        table = self._members.find(place)
        if table is None:
            return None
        if table.is_strong:
            raise invalid(f"Time to Live is not supported on {place.table}: it is strongly consistent.")
        parameters = call.parameters | {"TableName": place.table}
        answer = await upstream(call.scope, "UpdateTimeToLive", **parameters)
        for scope in self._members.scopes(place):
            await upstream(scope, "UpdateTimeToLive", **parameters)
        return answer

    def _replicas(self, place: Place) -> dict[str, Any]:
        """What a table's description says of the global table that it belongs to."""
        table = self._members.find(place)
        if table is None:
            return {}
        return {
            "GlobalTableVersion": VERSION,
            "MultiRegionConsistency": STRONG if table.is_strong else "EVENTUAL",
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

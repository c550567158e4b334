"""What replication and streams measure."""

import asyncio
from typing import Any

from sandbox.cloudwatch.store import Metric, MetricStore, metric
from sandbox.ports import Ports
from tests.sandbox.embedded import ports
from tests.sandbox.streams.world import AWAY, HOME, eventually, world

__all__ = ["ports"]


def test_replication_and_the_age_of_records_are_measured_where_they_were_written(ports: Ports) -> None:
    async def story() -> None:
        store, seen = MetricStore(real=lambda seconds: seconds / 10), list[Any]()

        async def keep(records: list[Any]) -> None:
            seen.extend(records)

        async with world(ports, metrics=store) as there:
            await there.table("measured", AWAY)
            await there.trigger(AWAY, "measured", "measured", keep)
            await there.put(HOME, "measured", "1", "one")

            async def arrived() -> bool:
                return bool(seen)

            await eventually(arrived)
            dimensions = {"TableName": "measured", "ReceivingRegion": AWAY}
            lag = metric(HOME, "AWS/DynamoDB", "ReplicationLatency", dimensions)
            age = metric(AWAY, "AWS/Lambda", "IteratorAge", {"FunctionName": "measured"})

            async def measured() -> bool:
                return bool(only(store, lag) and only(store, age))

            await eventually(measured)
            assert only(store, lag)[0].minimum >= 300, "in milliseconds, and no less than the sandbox's lag"
            assert only(store, age)[0].minimum >= 0
            assert metric(AWAY, "AWS/DynamoDB", "ReplicationLatency", {}) not in store.metrics(AWAY)

    asyncio.run(story())


def only(store: MetricStore, wanted: Metric) -> list[Any]:
    return [*store.read(wanted, 0, 2**33, 2**33).values()]

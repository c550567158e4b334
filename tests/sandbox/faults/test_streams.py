"""Global tables and what streams trigger, while a region is down, a table lost, or replication paused."""

import asyncio
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError, HTTPClientError

from sandbox.faults.kinds import Fault, RegionDown, ReplicationPaused, TableLost
from sandbox.faults.state import Faults
from sandbox.ports import Ports
from tests.sandbox.embedded import ports
from tests.sandbox.streams.world import AWAY, FAR, HOME, World, eventually, world

__all__ = ["ports"]

LAG = 0.05


async def equal(aws: World, table: str, expected: dict[str, str], *regions: str) -> bool:
    return all([await aws.rows(region, table) == expected for region in regions])


async def hasten(aws: World) -> None:
    await aws.page("PUT", "/_sandbox/replication", {"lag": LAG})


def test_a_dead_region_misses_no_write_and_loses_none_that_it_had_acknowledged(ports: Ports):
    async def story() -> None:
        faults = Faults()
        async with world(ports, faults=faults) as aws:
            await aws.table("dead", AWAY, FAR)
            await aws.page("PUT", "/_sandbox/replication", {"lag": 3600})
            await aws.put(FAR, "dead", "acknowledged", "before")
            await faults.plant(RegionDown(FAR))
            await hasten(aws)
            await aws.put(HOME, "dead", "1", "old")
            await aws.put(HOME, "dead", "1", "new")
            await aws.put(AWAY, "dead", "2", "two")
            await aws.put(HOME, "dead", "3", "gone")
            await aws.delete(HOME, "dead", "3")
            await eventually(partial(equal, aws, "dead", {"1": "new", "2": "two"}, HOME, AWAY))
            with pytest.raises(HTTPClientError):
                await aws.rows(FAR, "dead")

            await faults.clear()

            everything = {"1": "new", "2": "two", "acknowledged": "before"}
            await eventually(partial(equal, aws, "dead", everything, HOME, AWAY, FAR))
            await aws.put(FAR, "dead", "1", "as before")
            await eventually(partial(equal, aws, "dead", everything | {"1": "as before"}, HOME, AWAY, FAR))

    asyncio.run(story())


def test_of_what_was_written_on_both_sides_the_last_writer_wins(ports: Ports):
    async def story() -> None:
        faults = Faults()
        async with world(ports, faults=faults) as aws:
            await aws.table("sides", AWAY, FAR)
            await hasten(aws)
            await faults.plant(ReplicationPaused(FAR))
            await aws.put(FAR, "sides", "1", "first")
            await aws.put(HOME, "sides", "1", "last")
            await aws.put(HOME, "sides", "2", "first")
            await aws.put(FAR, "sides", "2", "last")
            await eventually(partial(equal, aws, "sides", {"1": "last", "2": "first"}, HOME, AWAY))
            assert await aws.rows(FAR, "sides") == {"1": "first", "2": "last"}

            await faults.clear()

            await eventually(partial(equal, aws, "sides", {"1": "last", "2": "last"}, HOME, AWAY, FAR))

    asyncio.run(story())


def test_replication_pauses_between_two_regions_and_goes_on_to_others(ports: Ports):
    async def story() -> None:
        faults = Faults()
        async with world(ports, faults=faults) as aws:
            await aws.table("pair", AWAY, FAR)
            await hasten(aws)
            await faults.plant(ReplicationPaused(HOME, FAR))
            await aws.put(HOME, "pair", "1", "home")
            await aws.put(AWAY, "pair", "2", "away")
            await eventually(partial(equal, aws, "pair", {"1": "home", "2": "away"}, HOME, AWAY))
            await eventually(partial(equal, aws, "pair", {"2": "away"}, FAR))

            await faults.clear()

            await eventually(partial(equal, aws, "pair", {"1": "home", "2": "away"}, FAR))

    asyncio.run(story())


def test_a_replica_made_of_one_that_misses_writes_gets_them_too(ports: Ports):
    async def story() -> None:
        faults = Faults()
        async with world(ports, faults=faults) as aws:
            await aws.table("heir", AWAY)
            await hasten(aws)
            await faults.plant(ReplicationPaused(AWAY, HOME))
            await aws.put(AWAY, "heir", "1", "away")
            await asyncio.sleep(LAG * 4)  # so that it waits for the way, and no longer for its time
            await aws.replicate("heir", {"Create": {"RegionName": FAR}})
            assert await aws.rows(FAR, "heir") == {}

            await faults.clear()

            await eventually(partial(equal, aws, "heir", {"1": "away"}, HOME, FAR))

    asyncio.run(story())


def test_a_strong_write_needs_one_other_region_and_the_third_follows(ports: Ports):
    regions = (HOME, "eu-west-2", "eu-central-1")

    async def story() -> None:
        faults = Faults()
        async with world(ports, faults=faults) as aws:
            await aws.table("quorum")
            creations = [{"Create": {"RegionName": region}} for region in regions[1:]]
            await aws.replicate("quorum", *creations, MultiRegionConsistency="STRONG")
            await faults.plant(RegionDown("eu-central-1"))
            await aws.put(HOME, "quorum", "1", "two of three")
            assert await equal(aws, "quorum", {"1": "two of three"}, *regions[:2])
            await faults.plant(RegionDown("eu-west-2"))
            with pytest.raises(ClientError, match="reaches no other replica"):
                await aws.put(HOME, "quorum", "2", "one of three")

            await faults.clear()

            await eventually(partial(equal, aws, "quorum", {"1": "two of three"}, *regions))
            await aws.put(HOME, "quorum", "2", "all")
            assert await equal(aws, "quorum", {"1": "two of three", "2": "all"}, *regions)

    asyncio.run(story())


def _reads(table: str) -> list[tuple[str, dict[str, Any]]]:
    key = {"id": {"S": "1"}}
    return [
        ("describe_table", {"TableName": table}),
        ("get_item", {"TableName": table, "Key": key}),
        ("scan", {"TableName": f"arn:aws:dynamodb:{FAR}:000000000000:table/{table}"}),
        ("put_item", {"TableName": table, "Item": key}),
        ("batch_get_item", {"RequestItems": {"other": {"Keys": [key]}, table: {"Keys": [key]}}}),
        ("transact_write_items", {"TransactItems": [{"Delete": {"TableName": table, "Key": key}}]}),
        ("execute_statement", {"Statement": f'SELECT * FROM "{table}"'}),  # noqa: S608 - PartiQL is what it is
    ]


def test_a_lost_table_is_unknown_in_its_region_and_comes_back_with_what_it_missed(ports: Ports):
    async def story() -> None:
        faults = Faults()
        async with world(ports, faults=faults) as aws:
            await aws.table("lost", AWAY, FAR)
            await aws.table("other")
            await aws.replicate("other", {"Create": {"RegionName": FAR}})
            await hasten(aws)
            await faults.plant(TableLost(FAR, "lost"))
            for operation, parameters in _reads("lost"):
                with pytest.raises(ClientError) as refused:
                    await aws.call("dynamodb", FAR, operation, **parameters)
                assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException", operation
                assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
            await aws.put(FAR, "other", "1", "is there")
            await aws.put(HOME, "lost", "1", "missed")
            await eventually(partial(equal, aws, "lost", {"1": "missed"}, HOME, AWAY))

            await faults.clear()

            await eventually(partial(equal, aws, "lost", {"1": "missed"}, FAR))

    asyncio.run(story())


@pytest.mark.parametrize("fault", [RegionDown(AWAY), RegionDown(AWAY, hanging=True)], ids=["refused", "hanging"])
def test_what_a_stream_triggers_stands_still_with_its_region_and_misses_no_record(ports: Ports, fault: Fault):
    async def story() -> None:
        faults, taken, go_on = Faults(), list[str](), asyncio.Event()

        async def take(records: list[dict[str, Any]]) -> None:
            taken.extend(record["dynamodb"]["Keys"]["id"]["S"] for record in records)
            await go_on.wait()

        async def has(*ids: str) -> bool:
            return sorted(taken) == sorted(ids)

        table = f"triggers-{fault == RegionDown(AWAY)}".lower()
        async with world(ports, faults=faults) as aws:
            await aws.table(table, AWAY)
            await hasten(aws)
            mapping = await aws.trigger(AWAY, table, table, take)
            await aws.put(AWAY, table, "0", "in the function")
            await eventually(partial(has, "0"))
            await aws.put(AWAY, table, "1", "in the stream")
            await faults.plant(fault)
            await aws.put(HOME, table, "2", "elsewhere")
            go_on.set()
            await asyncio.sleep(LAG * 6)
            assert taken == ["0"]

            await faults.clear()

            await eventually(partial(has, "0", "1", "2"))
            await aws.untrigger(AWAY, mapping)

    asyncio.run(story())

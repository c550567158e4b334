"""Global tables over the real emulator: what is written anywhere is everywhere, once and in the end the same."""

import asyncio
import random
import time
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.ports import Ports
from tests.sandbox.embedded import ports
from tests.sandbox.streams.world import AWAY, FAR, HOME, REGIONS, World, eventually, world
from tests.timing import by_the_clock

__all__ = ["ports"]

STRONG = ("eu-west-2", "eu-central-1")


async def replication(aws: World, **settings: Any) -> None:
    await aws.page("PUT", "/_sandbox/replication", settings)


async def equal(aws: World, table: str, expected: dict[str, str], regions: tuple[str, ...] = REGIONS) -> bool:
    return all([await aws.rows(region, table) == expected for region in regions])


async def refusal(coroutine: Any) -> str:
    with pytest.raises(ClientError) as error:
        await coroutine
    return f"{error.value.response['Error']['Code']}: {error.value.response['Error']['Message']}"


def test_a_table_tells_of_its_replicas_and_no_stranger_does(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("told", AWAY, FAR)
            await aws.table("stranger")
            described = (await aws.call("dynamodb", AWAY, "describe_table", TableName="told"))["Table"]
            assert described["GlobalTableVersion"] == "2019.11.21"
            assert described["MultiRegionConsistency"] == "EVENTUAL"
            assert [replica["RegionName"] for replica in described["Replicas"]] == [FAR, HOME]
            assert {replica["ReplicaStatus"] for replica in described["Replicas"]} == {"ACTIVE"}
            assert described["LatestStreamArn"].startswith(f"arn:aws:dynamodb:{AWAY}:")
            stranger = (await aws.call("dynamodb", HOME, "describe_table", TableName="stranger"))["Table"]
            assert "Replicas" not in stranger

    asyncio.run(story())


@by_the_clock
def test_a_write_reaches_the_other_regions_after_the_lag_and_is_told(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("lag", AWAY, FAR)
            await replication(aws, lag=0.5)
            start = time.monotonic()
            await aws.put(AWAY, "lag", "1", "new")
            aws.changed.clear()
            await eventually(partial(equal, aws, "lag", {"1": "new"}))
            assert 0.5 <= time.monotonic() - start < 2
            assert aws.changed.count("dynamodb") >= 2
            assert await aws.page("GET", "/_sandbox/replication") == {"lag": 0.5, "paused": False}

    asyncio.run(story())


@pytest.mark.parametrize("wrong", [{"lag": -1}, {"lag": "soon"}, {"paused": 1}, {"delay": 1}, [1]])
def test_a_setting_of_replication_that_makes_no_sense_is_refused(ports: Ports, wrong: Any):
    async def story() -> None:
        async with world(ports) as aws:
            assert "message" in await aws.page("PUT", "/_sandbox/replication", wrong)
            assert await aws.page("GET", "/_sandbox/replication") == {"lag": 0.3, "paused": False}

    asyncio.run(story())


def test_each_write_is_in_each_stream_once_and_never_comes_back(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("echo", AWAY, FAR)
            await replication(aws, lag=0)
            for region, step in zip(REGIONS, ("created", "changed", "again"), strict=True):
                await aws.put(region, "echo", "1", step)
                await eventually(partial(equal, aws, "echo", {"1": step}))
            await aws.delete(HOME, "echo", "1")
            await eventually(partial(equal, aws, "echo", {}))
            await asyncio.sleep(0.2)
            expected = [
                ("INSERT", "1", "created"),
                ("MODIFY", "1", "changed"),
                ("MODIFY", "1", "again"),
                ("REMOVE", "1", None),
            ]
            assert [await aws.records(region, "echo") for region in REGIONS] == [expected] * 3

    asyncio.run(story())


def test_changes_that_wait_together_arrive_as_one(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("combined", AWAY)
            await replication(aws, paused=True)
            for value in ("a", "b", "c"):
                await aws.put(HOME, "combined", "kept", value)
            await aws.put(HOME, "combined", "gone", "x")
            await aws.delete(HOME, "combined", "gone")
            await asyncio.sleep(0.4)
            assert await aws.rows(AWAY, "combined") == {}
            await replication(aws, paused=False)
            await eventually(partial(equal, aws, "combined", {"kept": "c"}, (HOME, AWAY)))
            assert await aws.records(AWAY, "combined") == [("INSERT", "kept", "c")]

    asyncio.run(story())


def test_changes_further_apart_than_the_lag_arrive_one_by_one_however_late(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("apart", AWAY)
            await replication(aws, lag=60)
            await aws.put(HOME, "apart", "kept", "a")
            await asyncio.sleep(0.3)
            await aws.put(HOME, "apart", "kept", "b")
            assert await aws.rows(AWAY, "apart") == {}
            await replication(aws, lag=0.2)
            await eventually(partial(equal, aws, "apart", {"kept": "b"}, (HOME, AWAY)))
            assert await aws.records(AWAY, "apart") == [("INSERT", "kept", "a"), ("MODIFY", "kept", "b")]

    asyncio.run(story())


def test_the_last_writer_wins_everywhere_and_a_deletion_is_a_write(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("conflict", AWAY, FAR)
            await aws.put(HOME, "conflict", "deleted last", "x")
            await aws.put(HOME, "conflict", "written last", "x")
            both = {"deleted last": "x", "written last": "x"}
            await eventually(partial(equal, aws, "conflict", both))
            await replication(aws, paused=True)
            await aws.put(FAR, "conflict", "deleted last", "y")
            await aws.delete(AWAY, "conflict", "written last")
            await aws.delete(HOME, "conflict", "deleted last")
            await aws.put(FAR, "conflict", "written last", "z")
            await replication(aws, paused=False)
            await eventually(partial(equal, aws, "conflict", {"written last": "z"}))
            await asyncio.sleep(0.4)
            assert await equal(aws, "conflict", {"written last": "z"})

    asyncio.run(story())


@pytest.mark.parametrize("seed", range(3))
def test_regions_that_write_the_same_items_at_the_same_time_end_the_same(ports: Ports, seed: int):
    async def story() -> None:
        chance = random.Random(seed)  # noqa: S311 - nothing secret
        table = f"race-{seed}"
        async with world(ports) as aws:
            await aws.table(table, AWAY, FAR)
            await replication(aws, lag=chance.choice([0, 0.02, 0.1]))

            async def write(region: str) -> None:
                for step in range(40):
                    id_ = str(chance.randrange(4))
                    if chance.random() < 0.25:
                        await aws.delete(region, table, id_)
                    else:
                        await aws.put(region, table, id_, f"{region} {step}")
                    await asyncio.sleep(chance.random() * 0.01)

            await asyncio.gather(*(write(region) for region in REGIONS))
            await replication(aws, lag=0)
            last = f"last of {seed}"
            await aws.put(HOME, table, "end", last)
            await eventually(lambda: _all_have(aws, table, last))
            await asyncio.sleep(0.2)
            first = await aws.rows(HOME, table)
            assert await equal(aws, table, first)

    asyncio.run(story())


async def _all_have(aws: World, table: str, value: str) -> bool:
    return all([value in (await aws.rows(region, table)).values() for region in REGIONS])


def test_writes_of_every_kind_are_replicated(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("kinds", AWAY)
            item = {"id": {"S": "batch"}, "value": {"S": "1"}}
            dynamodb = partial(aws.call, "dynamodb", HOME)
            await dynamodb("batch_write_item", RequestItems={"kinds": [{"PutRequest": {"Item": item}}]})
            put = {"TableName": "kinds", "Item": {"id": {"S": "transaction"}, "value": {"S": "2"}}}
            await dynamodb("transact_write_items", TransactItems=[{"Put": put}])
            arn = (await dynamodb("describe_table", TableName="kinds"))["Table"]["TableArn"]
            await dynamodb(
                "update_item",
                TableName=arn,
                Key={"id": {"S": "update"}},
                UpdateExpression="SET #v = :v",
                ExpressionAttributeNames={"#v": "value"},
                ExpressionAttributeValues={":v": {"S": "4"}},
            )
            expected = {"batch": "1", "transaction": "2", "update": "4"}
            await eventually(partial(equal, aws, "kinds", expected, (HOME, AWAY)))

    asyncio.run(story())


def test_writes_that_the_emulator_would_lose_are_refused(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("lost-writes", AWAY)
            dynamodb = partial(aws.call, "dynamodb", HOME)
            arn = (await dynamodb("describe_table", TableName="lost-writes"))["Table"]["TableArn"]
            put = {"TableName": arn, "Item": {"id": {"S": "1"}}}
            assert arn in await refusal(dynamodb("transact_write_items", TransactItems=[{"Put": put}]))
            insert = "INSERT INTO \"lost-writes\" VALUE {'id': '1'}"
            assert "PartiQL writes to lost-writes" in await refusal(dynamodb("execute_statement", Statement=insert))
            assert (await dynamodb("execute_statement", Statement='SELECT * FROM "lost-writes"'))["Items"] == []

    asyncio.run(story())


def test_errors_of_item_calls_reach_their_caller_whole(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("errors", AWAY)
            await aws.put(HOME, "errors", "1", "there")
            put = {"TableName": "errors", "Item": {"id": {"S": "1"}}, "ConditionExpression": "attribute_not_exists(id)"}
            more = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
            with pytest.raises(ClientError) as error:
                await aws.call("dynamodb", HOME, "put_item", **put, **more)
            assert error.value.response["Item"]["value"] == {"S": "there"}
            with pytest.raises(ClientError) as error:
                await aws.call("dynamodb", HOME, "transact_write_items", TransactItems=[{"Put": put}])
            assert error.value.response["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed"

    asyncio.run(story())


def test_a_new_replica_gets_every_row_and_what_is_written_meanwhile(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("large", AWAY)
            await replication(aws, lag=0.05)
            requests = [
                {"PutRequest": {"Item": {"id": {"S": str(n)}, "value": {"S": f"{n} " + "x" * 1500}}}}
                for n in range(1000)
            ]
            for start in range(0, len(requests), 25):
                chunk = {"large": requests[start : start + 25]}
                await aws.call("dynamodb", REGIONS[start // 25 % 2], "batch_write_item", RequestItems=chunk)
            writing = True

            async def write(region: str) -> int:
                count = 0
                while writing:
                    await aws.put(region, "large", f"{region} {count}", "meanwhile")
                    await aws.delete(region, "large", str(count))
                    count += 1
                return count

            writers = [asyncio.create_task(write(HOME))]
            await aws.replicate("large", {"Create": {"RegionName": FAR}})
            writing = False
            (count,) = await asyncio.gather(*writers)
            assert count
            expected = {str(n) for n in range(count, 1000)} | {f"{HOME} {n}" for n in range(count)}

            async def complete() -> bool:
                return all([set(await aws.rows(region, "large")) == expected for region in REGIONS])

            await eventually(complete)

            await replication(aws, paused=True)
            await aws.put(FAR, "large", "of the leaving", "kept")
            await aws.replicate("large", {"Delete": {"RegionName": FAR}})
            for region in (HOME, AWAY):
                assert set(await aws.rows(region, "large")) == expected | {"of the leaving"}
            gone = await refusal(aws.call("dynamodb", FAR, "describe_table", TableName="large"))
            assert gone.startswith("ResourceNotFoundException")

    asyncio.run(story())


def test_settings_are_kept_in_step_but_for_those_that_are_a_replicas_own(ports: Ports):
    async def story() -> None:
        index = {
            "IndexName": "by-value",
            "KeySchema": [{"AttributeName": "value", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
        attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("id", "value")]
        expiry = {"Enabled": True, "AttributeName": "expires"}
        async with world(ports) as aws:
            await aws.table("settings", AWAY)
            home, away = partial(aws.call, "dynamodb", HOME), partial(aws.call, "dynamodb", AWAY)
            await home(
                "update_table",
                TableName="settings",
                AttributeDefinitions=attributes,
                GlobalSecondaryIndexUpdates=[{"Create": index}],
            )
            await away("update_time_to_live", TableName="settings", TimeToLiveSpecification=expiry)
            await away("update_table", TableName="settings", DeletionProtectionEnabled=True)
            await aws.replicate("settings", {"Create": {"RegionName": FAR}})
            for region in REGIONS:
                table = (await aws.call("dynamodb", region, "describe_table", TableName="settings"))["Table"]
                assert [i["IndexName"] for i in table["GlobalSecondaryIndexes"]] == ["by-value"]
                assert table["DeletionProtectionEnabled"] == (region == AWAY)
                assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
                ttl = await aws.call("dynamodb", region, "describe_time_to_live", TableName="settings")
                assert ttl["TimeToLiveDescription"]["AttributeName"] == "expires"
            protected = await refusal(aws.replicate("settings", {"Delete": {"RegionName": AWAY}}))
            assert "protect" in protected
            await aws.put(AWAY, "settings", "1", "still replicated")
            await eventually(partial(equal, aws, "settings", {"1": "still replicated"}))

    asyncio.run(story())


def test_dynamodbs_rules_of_replicas_are_enforced(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("rules", AWAY)
            update = partial(aws.call, "dynamodb", HOME, "update_table", TableName="rules")
            for updates, words in [
                ([{"Create": {"RegionName": HOME}}], "local region"),
                ([{"Create": {"RegionName": AWAY}}], "already existed"),
                ([{"Delete": {"RegionName": FAR}}], "was not found"),
                ([{"Create": {"RegionName": FAR, "KMSMasterKeyId": "k"}}], "KMSMasterKeyId"),
                ([{"Update": {"RegionName": AWAY, "TableClassOverride": "STANDARD"}}], "TableClassOverride"),
            ]:
                assert words in await refusal(update(ReplicaUpdates=updates))
            assert "stream" in await refusal(update(StreamSpecification={"StreamEnabled": False}))
            source = await refusal(aws.call("dynamodb", HOME, "delete_table", TableName="rules"))
            assert "acted as a source region" in source
            await aws.call("dynamodb", AWAY, "delete_table", TableName="rules")
            table = (await aws.call("dynamodb", HOME, "describe_table", TableName="rules"))["Table"]
            assert "Replicas" not in table
            await aws.call("dynamodb", HOME, "delete_table", TableName="rules")

    asyncio.run(story())


def test_a_strongly_consistent_write_is_everywhere_when_it_returns(ports: Ports):
    async def story() -> None:
        regions = (HOME, *STRONG)
        async with world(ports) as aws:
            await aws.table("strong")
            await replication(aws, lag=10)
            creates = [{"Create": {"RegionName": region}} for region in STRONG]
            await aws.replicate("strong", *creates, MultiRegionConsistency="STRONG")
            for region in regions:
                await aws.put(region, "strong", "1", region)
                assert await equal(aws, "strong", {"1": region}, regions)
            await asyncio.gather(*(aws.put(region, "strong", "2", region) for region in regions))
            assert len({(await aws.rows(region, "strong"))["2"] for region in regions}) == 1
            table = (await aws.call("dynamodb", STRONG[0], "describe_table", TableName="strong"))["Table"]
            assert table["MultiRegionConsistency"] == "STRONG"
            put = {"TableName": "strong", "Item": {"id": {"S": "3"}}}
            transaction = aws.call("dynamodb", HOME, "transact_write_items", TransactItems=[{"Put": put}])
            assert "Transactions are not supported" in await refusal(transaction)
            expiry = {"Enabled": True, "AttributeName": "expires"}
            ttl = aws.call("dynamodb", HOME, "update_time_to_live", TableName="strong", TimeToLiveSpecification=expiry)
            assert "Time to Live" in await refusal(ttl)
            one = await refusal(aws.replicate("strong", {"Delete": {"RegionName": STRONG[0]}}))
            assert "in one call" in one
            await aws.replicate("strong", *({"Delete": {"RegionName": region}} for region in STRONG))
            assert await aws.rows(HOME, "strong")

    asyncio.run(story())


def test_strong_consistency_needs_three_regions_of_one_set_and_an_empty_table(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("weak")
            await aws.put(HOME, "weak", "1", "row")
            creates = [{"Create": {"RegionName": AWAY}}]
            refused = await refusal(aws.replicate("weak", *creates, MultiRegionConsistency="STRONG"))
            for problem in ("exactly 3 regions, not 2", "not of one region set", "must be empty"):
                assert problem in refused

    asyncio.run(story())

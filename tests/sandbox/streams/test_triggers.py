"""Event source mappings over the real emulator, with functions that fail as they are told."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.lambda_runtime import FunctionError
from sandbox.ports import Ports
from tests.sandbox.embedded import ports
from tests.sandbox.streams.world import AWAY, FAR, HOME, REGIONS, World, event, eventually, world

__all__ = ["ports"]

Records = list[dict[str, Any]]
PARTIAL = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


class Log:
    """A function that keeps what it is sent, and fails where `fails` says so."""

    def __init__(self, fails: Callable[[Records], bool] = lambda _: False) -> None:
        self.taken: list[tuple[str, str, str | None]] = []
        self.invocations: list[int] = []
        self.fails = fails

    async def __call__(self, records: Records) -> None:
        self.invocations.append(len(records))
        if self.fails(records):
            raise FunctionError({"errorType": "Told", "errorMessage": "to fail"})
        self.taken += [event(record) for record in records]

    async def has(self, *ids: str) -> bool:
        return {id_ for _, id_, _ in self.taken} >= set(ids)


def has(id_: str) -> Callable[[Records], bool]:
    return lambda records: any(event(record)[1] == id_ for record in records)


async def refusal(call: Awaitable[Any]) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as error:
        await call
    response = error.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


async def on_failure(aws: World, name: str) -> tuple[str, dict[str, Any]]:
    arn = await aws.queue(HOME, name)
    return arn, {"DestinationConfig": {"OnFailure": {"Destination": arn}}}


def test_a_mapping_is_kept_and_shown_as_lambda_does(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("kept")
            api = partial(aws.call, "lambda", HOME)
            uuid = await aws.trigger(HOME, "kept", "kept", Log(), BatchSize=7)
            found = await api("get_event_source_mapping", UUID=uuid)
            assert (found["BatchSize"], found["State"]) == (7, "Enabled")
            assert found["LastProcessingResult"] == "No records processed"
            assert found["FunctionArn"].endswith(":function:kept")
            for given in ({}, {"FunctionName": "kept"}, {"EventSourceArn": await aws.stream(HOME, "kept")}):
                listed = (await api("list_event_source_mappings", **given))["EventSourceMappings"]
                assert [mapping["UUID"] for mapping in listed] == [uuid]
            assert (await aws.call("lambda", AWAY, "list_event_source_mappings"))["EventSourceMappings"] == []
            await api("update_event_source_mapping", UUID=uuid, BatchSize=9, Enabled=False)
            found = await api("get_event_source_mapping", UUID=uuid)
            assert (found["BatchSize"], found["State"]) == (9, "Disabled")
            again = {"EventSourceArn": found["EventSourceArn"], "FunctionName": "kept", "StartingPosition": "LATEST"}
            status, code, message = await refusal(api("create_event_source_mapping", **again))
            assert (status, code) == (409, "ResourceConflictException")
            assert uuid in message
            assert (await api("delete_event_source_mapping", UUID=uuid))["State"] == "Deleting"
            gone = await refusal(api("get_event_source_mapping", UUID=uuid))
            assert gone == (404, "ResourceNotFoundException", "The resource you requested does not exist.")

    asyncio.run(story())


def test_a_mapping_needs_a_stream_and_a_function_that_exist(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("needs")
            arn = await aws.stream(HOME, "needs")
            create = partial(aws.call, "lambda", HOME, "create_event_source_mapping", StartingPosition="LATEST")
            status, code, _ = await refusal(create(EventSourceArn=arn, FunctionName="nobody"))
            assert (status, code) == (404, "ResourceNotFoundException")
            await aws.function("somebody", {"h.py": ""}, region=HOME)
            _, code, message = await refusal(create(EventSourceArn=arn[:-4] + "9999", FunctionName="somebody"))
            assert code == "InvalidParameterValueException"
            assert "Stream not found" in message

    asyncio.run(story())


def test_a_function_gets_each_record_once_in_order_and_as_lambda_forms_it(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("order")
            await aws.put(HOME, "order", "before", "x")
            late, early = Log(), Log()
            seen: Records = []

            async def keep(records: Records) -> None:
                seen.extend(records)
                await late(records)

            await aws.trigger(HOME, "order", "late", keep, BatchSize=3)
            await aws.trigger(HOME, "order", "early", early, StartingPosition="TRIM_HORIZON")
            for n in range(10):
                await aws.put(HOME, "order", "one", str(n))
            await aws.delete(HOME, "order", "one")
            await eventually(lambda: late_and_early_have(late, early))
            own = [("INSERT", "one", "0"), *(("MODIFY", "one", str(n)) for n in range(1, 10)), ("REMOVE", "one", None)]
            assert late.taken == own
            assert early.taken == [("INSERT", "before", "x"), *own]
            assert max(late.invocations) <= 3
            first = seen[0]
            assert first["eventSource"] == "aws:dynamodb"
            assert first["awsRegion"] == HOME
            assert first["eventSourceARN"] == await aws.stream(HOME, "order")
            assert first["eventID"]
            assert first["dynamodb"]["Keys"] == {"id": {"S": "one"}}
            assert isinstance(first["dynamodb"]["ApproximateCreationDateTime"], int | float)

    async def late_and_early_have(late: Log, early: Log) -> bool:
        return len(late.taken) >= 11 and len(early.taken) >= 12

    asyncio.run(story())


def test_a_batching_window_collects_what_comes_within_it(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("window")
            log = Log()
            await aws.trigger(HOME, "window", "window", log, BatchSize=50, MaximumBatchingWindowInSeconds=1)
            for n in range(5):
                await aws.put(HOME, "window", str(n), "x")
                await asyncio.sleep(0.05)
            await eventually(partial(log.has, *"01234"))
            assert log.invocations == [5]

    asyncio.run(story())


def test_bisection_isolates_a_poison_record_and_the_destination_is_told_of_it_alone(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("poison")
            log = Log(has("5"))
            queue, destination = await on_failure(aws, "poison")
            settings = {"BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 1, "Enabled": False}
            uuid = await aws.trigger(HOME, "poison", "poison", log, **settings, **destination)
            for n in range(9):
                await aws.put(HOME, "poison", str(n), "x")
            await aws.call("lambda", HOME, "update_event_source_mapping", UUID=uuid, Enabled=True)
            await eventually(partial(log.has, *"01234678"))
            assert [id_ for _, id_, _ in log.taken] == list("01234678")
            (message,) = await aws.messages(queue)
            told = json.loads(message["Body"])
            assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
            assert told["responseContext"]["functionError"] == "Unhandled"
            info = told["DDBStreamBatchInfo"]
            assert info["batchSize"] == 1
            assert info["startSequenceNumber"] == info["endSequenceNumber"]
            assert info["streamArn"] == await aws.stream(HOME, "poison")

    asyncio.run(story())


def test_retries_are_bounded_and_what_comes_after_is_not_held_up(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("bounded")
            log = Log(has("bad"))
            queue, destination = await on_failure(aws, "bounded")
            await aws.trigger(HOME, "bounded", "bounded", log, MaximumRetryAttempts=2, BatchSize=1, **destination)
            await aws.put(HOME, "bounded", "bad", "x")
            await aws.put(HOME, "bounded", "good", "x")
            await eventually(partial(log.has, "good"))
            assert log.invocations == [1, 1, 1, 1]
            (message,) = await aws.messages(queue)
            assert json.loads(message["Body"])["requestContext"]["approximateInvokeCount"] == 3

    asyncio.run(story())


def test_records_that_are_too_old_are_discarded_without_an_invocation(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("old")
            log = Log()
            queue, destination = await on_failure(aws, "old")
            settings = {"MaximumRecordAgeInSeconds": 60, "Enabled": False}
            uuid = await aws.trigger(HOME, "old", "old", log, **settings, **destination)
            with pytest.MonkeyPatch.context() as patch:
                await aws.put(HOME, "old", "stale", "x")
                now = time.time
                patch.setattr("sandbox.streams.trigger.time.time", lambda: now() + 61)
                await aws.call("lambda", HOME, "update_event_source_mapping", UUID=uuid, Enabled=True)
                found: list[Any] = []

                async def told() -> bool:
                    found.extend(await aws.messages(queue))
                    return bool(found)

                await eventually(told)
            assert json.loads(found[0]["Body"])["requestContext"]["condition"] == "RecordAgeExceeded"
            await aws.put(HOME, "old", "fresh", "x")
            await eventually(partial(log.has, "fresh"))
            assert log.invocations == [1]

    asyncio.run(story())


def test_only_what_a_function_reports_and_what_follows_comes_again(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("partial")
            batches: list[list[str]] = []

            async def third_fails_once(records: Records) -> Any:
                batches.append([event(record)[1] for record in records])
                if len(batches) == 1:
                    return {"batchItemFailures": [{"itemIdentifier": records[2]["dynamodb"]["SequenceNumber"]}]}
                return {"batchItemFailures": []}

            uuid = await aws.trigger(HOME, "partial", "partial", third_fails_once, Enabled=False, **PARTIAL)
            for n in range(5):
                await aws.put(HOME, "partial", str(n), "x")
            await aws.call("lambda", HOME, "update_event_source_mapping", UUID=uuid, Enabled=True)

            async def done() -> bool:
                return len(batches) == 2

            await eventually(done)
            assert batches == [list("01234"), list("234")]

    asyncio.run(story())


def test_a_stopped_function_loses_nothing_and_its_iterator_age_grows_meanwhile(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("stopped")
            stopped = True
            log = Log(lambda _: stopped)
            uuid = await aws.trigger(HOME, "stopped", "stopped", log)
            for n in range(5):
                await aws.put(HOME, "stopped", str(n), "x")
            await asyncio.sleep(0.6)
            (shown,) = await aws.page("GET", "/_sandbox/streams")
            assert (shown["uuid"], shown["pendingRecords"]) == (uuid, 5)
            assert 0.5 < shown["iteratorAgeSeconds"] < 5
            assert shown["lastProcessingResult"] == "PROBLEM: Function call failed"
            stopped = False
            await eventually(partial(log.has, *"01234"))
            assert [id_ for _, id_, _ in log.taken] == list("01234")
            (shown,) = await aws.page("GET", "/_sandbox/streams")
            assert (shown["pendingRecords"], shown["iteratorAgeSeconds"]) == (0, 0)
            assert shown["lastProcessingResult"] == "OK"

    asyncio.run(story())


def test_a_deleted_mapping_invokes_nothing_more(ports: Ports):
    async def story() -> None:
        async with world(ports) as aws:
            await aws.table("deleted")
            log = Log()
            uuid = await aws.trigger(HOME, "deleted", "deleted", log)
            await aws.untrigger(HOME, uuid)
            await aws.put(HOME, "deleted", "1", "x")
            await asyncio.sleep(0.2)
            assert log.invocations == []

    asyncio.run(story())


def test_each_region_hears_of_every_write_while_functions_fail_at_random(ports: Ports):
    """The daemon's wiring: a global table over three regions, a function on each replica's stream."""

    async def story() -> None:
        chance = random.Random(4)  # noqa: S311 - nothing secret
        logs = {region: Log(lambda _: chance.random() < 0.1) for region in REGIONS}
        stopped = True
        always = logs[FAR].fails
        logs[FAR].fails = lambda records: stopped or always(records)
        async with world(ports) as aws:
            await aws.table("everywhere", AWAY, FAR)
            await aws.page("PUT", "/_sandbox/replication", {"lag": 0.05})
            queue, destination = await on_failure(aws, "everywhere")
            for region in REGIONS:
                settings: dict[str, Any] = {"BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 100}
                await aws.trigger(region, "everywhere", f"everywhere-{region}", logs[region], **settings, **destination)

            async def write(region: str, item: int) -> None:
                id_ = f"{region} {item}"
                for step in ("a", "b"):
                    await aws.put(region, "everywhere", id_, step)
                    await asyncio.sleep(0.3)  # beyond the lag, so that nothing is combined
                await aws.delete(region, "everywhere", id_)

            await asyncio.gather(*(write(region, item) for region in REGIONS for item in range(15)))
            stopped = False
            expected = [("INSERT", "a"), ("MODIFY", "b"), ("REMOVE", None)]
            total = 3 * 15 * len(expected)

            async def complete() -> bool:
                return all(len(set(log.taken)) == total for log in logs.values())

            await eventually(complete)
            await asyncio.sleep(0.2)
            for log in logs.values():
                assert max(Counter(log.taken).values()) == 1
                for id_ in {id_ for _, id_, _ in log.taken}:
                    assert [(kind, value) for kind, own, value in log.taken if own == id_] == expected
            assert await aws.messages(queue) == []

    asyncio.run(story())


def test_regions_that_conflict_tell_their_functions_the_same_in_the_end(ports: Ports):
    async def story() -> None:
        chance = random.Random(5)  # noqa: S311 - nothing secret
        logs = {region: Log() for region in REGIONS}
        async with world(ports) as aws:
            await aws.table("conflicting", AWAY, FAR)
            await aws.page("PUT", "/_sandbox/replication", {"lag": 0.02})
            for region in REGIONS:
                await aws.trigger(region, "conflicting", f"conflicting-{region}", logs[region])

            async def write(region: str) -> None:
                for step in range(30):
                    await aws.put(region, "conflicting", str(chance.randrange(3)), f"{region} {step}")

            await asyncio.gather(*(write(region) for region in REGIONS))

            async def converged() -> bool:
                rows = [await aws.rows(region, "conflicting") for region in REGIONS]
                heard = [{id_: value for _, id_, value in logs[region].taken} for region in REGIONS]
                return all(found == rows[0] for found in rows + heard)

            await eventually(converged)
            await asyncio.sleep(0.3)
            assert await converged()

    asyncio.run(story())

"""A stream of the real emulator, read through what the gateway calls it with."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sandbox.extensions.call import DEFAULT_ACCOUNT, Scope
from sandbox.extensions.upstream import EmulatorCalls
from sandbox.ports import LOOPBACK, Ports
from sandbox.streams.stream import Stream, written_at
from tests.sandbox.embedded import ports
from tests.sandbox.streams.world import HOME, World, event, world

__all__ = ["ports"]


@asynccontextmanager
async def stream_of(ports: Ports, table: str) -> AsyncIterator[tuple[World, Stream]]:
    upstream = EmulatorCalls(f"http://{LOOPBACK}:{ports.emulator}")
    async with world(ports) as aws:
        await aws.table(table)
        await upstream.start()
        try:
            scope = Scope(DEFAULT_ACCOUNT, HOME, "dynamodb")
            yield aws, Stream(upstream, scope, await aws.stream(HOME, table))
        finally:
            await upstream.stop()


def test_every_record_is_read_once_however_many_there_are(ports: Ports):
    async def story() -> None:
        async with stream_of(ports, "many") as (aws, stream):
            assert await stream.read() == []
            requests = [{"PutRequest": {"Item": {"id": {"S": str(n)}, "value": {"S": "x"}}}} for n in range(1100)]
            for start in range(0, len(requests), 25):
                await aws.call(
                    "dynamodb", HOME, "batch_write_item", RequestItems={"many": requests[start : start + 25]}
                )
            before = time.time()
            found = await stream.read()
            assert [event(record)[1] for record in found] == [str(n) for n in range(1100)]
            assert await stream.read() == []
            assert before - 60 < written_at(found[0]) <= written_at(found[-1]) <= before + 1

    asyncio.run(story())


def test_an_iterator_that_was_idle_too_long_loses_and_repeats_nothing(ports: Ports):
    async def story() -> None:
        async with stream_of(ports, "idle") as (aws, stream):
            await aws.put(HOME, "idle", "read", "x")
            await stream.read()
            await aws.put(HOME, "idle", "unread", "x")
            assert stream._iterator is not None
            position = json.loads(base64.urlsafe_b64decode(stream._iterator))
            position["i"] -= 16 * 60  # the emulator's time of issue
            stream._iterator = base64.urlsafe_b64encode(json.dumps(position).encode()).decode()
            assert [event(record)[1] for record in await stream.read()] == ["unread"]

    asyncio.run(story())


def test_a_stream_that_was_closed_is_read_to_its_end(ports: Ports):
    async def story() -> None:
        async with stream_of(ports, "closed") as (aws, stream):
            await aws.put(HOME, "closed", "last", "x")
            await aws.call("dynamodb", HOME, "delete_table", TableName="closed")
            assert [event(record)[1] for record in await stream.read()] == ["last"]
            assert await stream.read() == []

    asyncio.run(story())

"""What a client of a region, or of an edge location, sees while it is down and afterwards."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from aiohttp import WSMsgType, web

from sandbox.faults.kinds import EdgeDown, RegionDown
from sandbox.faults.listeners import ListenerFaults
from sandbox.faults.state import Faults
from sandbox.ports import LOOPBACK, Ports
from sandbox.tls_listener import TlsListener
from tests.sandbox.appsync.live import Live
from tests.sandbox.appsync.regional import REGION, Region, region
from tests.sandbox.embedded import ports, runner

__all__ = ["ports", "runner"]

PORT = 23990 + 2 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
SILENCE = 0.3
ENDED = (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR)
CREATE = 'mutation { createEvent(name: "one") { id name } }'
CREATED = "subscription { created { id name } }"


@pytest.fixture(scope="module")
def faults() -> Faults:
    return Faults()


@pytest.fixture(scope="module")
def api(
    runner: asyncio.Runner, ports: Ports, faults: Faults, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Region]:
    deployed = region(ports, tmp_path_factory.mktemp("region"), faults=faults)
    yield runner.run(deployed.__aenter__())
    runner.run(deployed.__aexit__(None, None, None))


async def asked(api: Region) -> str:
    """How often this instance of the authorizer was asked, which it counts from 1."""
    answer = await api.post('{ getEvent(id: "context") { name } }', bearer="once")
    context = json.loads(answer.json["data"]["getEvent"]["name"])
    return str(context["identity"]["resolverContext"]["asked"])


def test_clients_of_a_region_that_is_down_are_refused_and_its_subscribers_lose_their_connections(
    runner: asyncio.Runner, api: Region, faults: Faults
):
    async def story() -> None:
        assert (await api.post(CREATE)).status == 200
        async with Live(api).subscriber(CREATED) as subscriber:
            await faults.plant(RegionDown(REGION))

            assert (await subscriber.socket.receive(timeout=5)).type in ENDED
        with pytest.raises(aiohttp.ClientConnectorError):
            await api.post(CREATE)
        await faults.clear()
        assert await asked(api) == "1"  # by a new instance
        await serves(api)

    runner.run(story())


def test_a_region_that_hangs_takes_connections_and_is_silent_on_all_of_them(
    runner: asyncio.Runner, api: Region, faults: Faults
):
    async def story() -> None:
        assert (await api.post(CREATE)).status == 200
        async with Live(api).subscriber(CREATED) as subscriber:
            await faults.plant(RegionDown(REGION, hanging=True))

            await subscriber.send(type="connection_init")
            with pytest.raises(TimeoutError):
                await subscriber.socket.receive(timeout=SILENCE)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(api.post(CREATE), SILENCE)
            await faults.clear()
            assert (await subscriber.socket.receive(timeout=5)).type in ENDED
        await serves(api)

    runner.run(story())


async def serves(api: Region) -> None:
    """Answers, and tells its subscribers."""
    async with Live(api).subscriber(CREATED) as subscriber:
        assert (await api.post(CREATE)).json == {"data": {"createEvent": {"id": "1", "name": "one"}}}
        told = await subscriber.receive()
        assert told["payload"] == {"data": {"created": {"id": "1", "name": "one"}}}


def test_an_edge_location_that_is_down_refuses_connections_and_others_do_not(tmp_path: Path):
    async def nothing(_: object) -> None:
        return None

    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response()

    async def story() -> None:
        faults = Faults()
        edges = {city: TlsListener(PORT + n, nothing, handle) for n, city in enumerate(("London", "Tokyo"))}
        async with AsyncExitStack() as running:
            for listener in edges.values():
                running.push_async_callback(listener.stop)
                await listener.start()
            faults.watch(ListenerFaults(faults, {}, edges).follow)

            await faults.plant(EdgeDown("London"))

            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(LOOPBACK, PORT)
            await asyncio.open_connection(LOOPBACK, PORT + 1)
            await faults.clear()
            await asyncio.open_connection(LOOPBACK, PORT)

    asyncio.run(story())

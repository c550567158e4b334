"""What AppSync measures while its clients ask, subscribe and go."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from sandbox.appsync.errors import RefusedError
from sandbox.cloudwatch.api_metrics import ApiMetrics
from sandbox.cloudwatch.store import MetricStore, metric
from sandbox.ports import Ports
from tests.sandbox.appsync.live import EVENT, live, role_name
from tests.sandbox.appsync.regional import REGION
from tests.sandbox.embedded import ports

__all__ = ["ports"]

KEY = (REGION, "a")


def total(store: MetricStore, api: str, name: str) -> float:
    found = metric(REGION, "AWS/AppSync", name, {"GraphQLAPIId": api})
    return sum(each.total for each in store.read(found, 0, 2**33, 2**33).values())


async def eventually(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not check():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def test_requests_connections_and_messages_are_counted_for_their_api(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with live(ports, tmp_path) as api:
            store, id_ = api.there.metrics, api.there.api_id
            before = {name: total(store, id_, name) for name in ("Requests", "4XXError")}
            await api.there.post("{ getEvent { id } }")
            await api.there.post("{ getEvent { id } }", bearer="wrong")
            await api.there.post("{ getEvent { id } }", bearer=None)
            assert total(store, id_, "Requests") - before["Requests"] == 3
            assert total(store, id_, "4XXError") - before["4XXError"] == 2
            assert total(store, id_, "Latency") > 0
            role = await api.publisher(role_name())
            async with api.subscriber("subscription { created { id } }"):
                await api.publish(role, EVENT, id="1", when="now")
                store.read_gauges()
                assert [total(store, id_, f"Active{what}") for what in ("Connections", "Subscriptions")] == [1, 1]
                assert total(store, id_, "PublishDataMessageSuccess") == 1
                assert total(store, id_, "SubscribeSuccess") == 1
            with pytest.raises(aiohttp.WSServerHandshakeError):
                async with api.there.websocket(["graphql-ws"], {}):
                    pass
            assert total(store, id_, "ConnectSuccess") == 1
            assert total(store, id_, "ConnectClientError") == 1
            await eventually(lambda: total(store, id_, "DisconnectSuccess") == 1)
            store.read_gauges()
            assert [total(store, id_, f"Active{what}") for what in ("Connections", "Subscriptions")] == [0, 0]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("error", "counted"),
    [(RefusedError("BadRequestException", "no", 400), "4XXError"), (ZeroDivisionError(), "5XXError")],
)
def test_an_error_is_the_clients_or_the_servers(error: Exception, counted: str) -> None:
    store = MetricStore()
    with pytest.raises(type(error)), ApiMetrics(store).request(KEY):
        raise error

    errors = {name: total(store, "a", name) for name in ("4XXError", "5XXError", "Requests")}
    assert errors == {"4XXError": 0, "5XXError": 0, "Requests": 1} | {counted: 1}

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import dns.resolver
import pytest
import trustme
from aiohttp import web

from ops import realtime
from ops.reach import Reach, UnreachableError
from sandbox.ports import LOOPBACK

HOST = "sydney-appsync.example.com"
Talk = Callable[[web.WebSocketResponse], Awaitable[None]]
AUTHORITY = trustme.CA()


@contextmanager
def endpoint(talk: Talk, status: int = 101) -> Iterator[Reach]:
    """The way to a host that holds this conversation after the handshake, or refuses that."""

    async def serve(request: web.Request) -> web.StreamResponse:
        assert request.path == "/graphql/realtime"
        assert request.headers["Host"] == HOST
        if status != 101:
            return web.Response(status=status)
        socket = web.WebSocketResponse(protocols=["graphql-ws"])
        await socket.prepare(request)
        await talk(socket)
        return socket

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(HOST).configure_cert(tls)
    trusts = ssl.create_default_context()
    AUTHORITY.configure_trust(trusts)
    loop = asyncio.new_event_loop()
    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    runner = web.AppRunner(app, shutdown_timeout=0)

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, 0, ssl_context=tls)
        await site.start()
        return int(runner.addresses[0][1])

    port = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield Reach(lambda _: (LOOPBACK, port), trusts, *resolvers())
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def resolvers() -> tuple[dns.resolver.Resolver, Callable[[str], dns.resolver.Resolver]]:
    resolver = dns.resolver.Resolver(configure=False)
    return resolver, lambda _: resolver


async def hears(socket: web.WebSocketResponse, kind: str) -> Any:
    said = await socket.receive_json()
    assert said["type"] == kind
    return said


async def acknowledges(socket: web.WebSocketResponse) -> None:
    await hears(socket, "connection_init")
    await socket.send_json({"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}})
    started = await hears(socket, "start")
    await socket.send_json({"type": "ka"})
    await socket.send_json({"type": "start_ack", "id": started["id"]})
    await hears(socket, "stop")


async def refuses_the_subscription(socket: web.WebSocketResponse) -> None:
    await hears(socket, "connection_init")
    await socket.send_json({"type": "connection_ack"})
    started = await hears(socket, "start")
    await socket.send_json({"type": "error", "id": started["id"], "payload": {"errors": ["no such field"]}})


async def ends_at_once(socket: web.WebSocketResponse) -> None:
    await socket.close()


async def says_nothing(socket: web.WebSocketResponse) -> None:
    await socket.receive()
    await socket.receive()


def start(reach: Reach) -> None:
    realtime.start(reach, HOST, "s3cret", "subscription { event { __typename } }")


def test_a_subscription_that_is_acknowledged_is_stopped_again():
    with endpoint(acknowledges) as reach:
        start(reach)


def test_a_refused_subscription_says_why():
    with endpoint(refuses_the_subscription) as reach, pytest.raises(UnreachableError, match="no such field"):
        start(reach)


def test_a_connection_that_ends_says_before_what():
    with endpoint(ends_at_once) as reach, pytest.raises(UnreachableError, match="ended before connection_ack"):
        start(reach)


def test_a_refused_handshake_is_told_by_its_status():
    with endpoint(ends_at_once, status=401) as reach, pytest.raises(UnreachableError, match="HTTP 401"):
        start(reach)


def test_silence_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(realtime, "_SECONDS", 0.5)
    with endpoint(says_nothing) as reach, pytest.raises(UnreachableError, match="no acknowledgement"):
        start(reach)

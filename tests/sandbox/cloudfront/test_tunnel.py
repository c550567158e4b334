import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import ClientConnectionResetError, WSMsgType, web

from sandbox.cloudfront import tunnel
from sandbox.ports import LOOPBACK, Ports
from sandbox.tls_listener import TlsListener
from tests.sandbox.cloudfront.edge import HOST, VACANT, Edge, edge, record
from tests.sandbox.embedded import ports, runner

__all__ = ["ports", "runner"]

ORIGIN = "realtime.example.test"
TO_ORIGIN = (
    f'request["headers"]["host"] = [{{"key": "Host", "value": "{ORIGIN}"}}];'
    f'request["origin"]["custom"]["domainName"] = "{ORIGIN}";'
    "return request"
)
SECONDS = 5.0

Serve = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@pytest.fixture(scope="module")
def there(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """An edge whose function sends everything to `ORIGIN`."""
    everything = edge(ports, tmp_path_factory.mktemp("edge"))
    deployed = runner.run(everything.__aenter__())

    async def prepare() -> None:
        domain = await deployed.aws.call(
            "appsync", VACANT, "create_domain_name", domainName=ORIGIN, certificateArn=deployed.certificate
        )
        await deployed.records(record(ORIGIN, "CNAME", domain["domainNameConfig"]["appsyncDomainName"]))
        await deployed.run(TO_ORIGIN)

    runner.run(prepare())
    yield deployed
    runner.run(everything.__aexit__(None, None, None))


@asynccontextmanager
async def origin(there: Edge, serve: Serve) -> AsyncIterator[None]:
    async def context_for(_: str) -> ssl.SSLContext:
        return there.authority.server_context([ORIGIN])

    listener = TlsListener(there.aws.ports.regions[VACANT], context_for, serve)
    await listener.start()
    try:
        yield
    finally:
        await listener.stop()


@asynccontextmanager
async def viewer(there: Edge, *, autoping: bool = True) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with (
        asyncio.timeout(4 * SECONDS),
        there.session.ws_connect(
            f"wss://{LOOPBACK}:{there.aws.ports.edges['London']}/graphql/realtime?header=e30&payload=e30",
            headers={"Host": HOST},
            protocols=["graphql-ws", "header-e30"],
            ssl=there.tls,
            server_hostname=HOST,
            autoping=autoping,
            max_msg_size=0,
        ) as socket,
    ):
        yield socket


async def accept(request: web.BaseRequest, *, autoping: bool = True) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(protocols=["graphql-ws"], autoping=autoping, max_msg_size=0)
    await socket.prepare(request)
    return socket


async def echo(request: web.BaseRequest) -> web.StreamResponse:
    socket = await accept(request)
    async for message in socket:
        await (socket.send_str(message.data) if message.type is WSMsgType.TEXT else socket.send_bytes(message.data))
    return socket


def test_messages_pass_both_ways_whole_and_in_order(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        sent: list[str | bytes] = [
            "",
            "a",
            "ü" * 200,
            "x" * 65_535,
            "y" * 65_536,
            "z" * 3_000_000,
            b"\x00\xff",
            b"b" * 200_000,
        ]
        async with origin(there, echo), viewer(there) as socket:
            for message in sent:
                await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))
            assert [(await socket.receive(SECONDS)).data for _ in sent] == sent

    runner.run(story())


def test_the_handshake_is_a_request_like_any_other(runner: asyncio.Runner, there: Edge) -> None:
    seen: list[web.BaseRequest] = []

    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request)
        return await echo(request)

    async def story() -> None:
        async with origin(there, serve), viewer(there) as socket:
            assert socket.protocol == "graphql-ws"
            answered = socket._response.headers
            assert answered["X-Sandbox-Origin"] == ORIGIN
            assert answered["Via"].endswith(".cloudfront.net (CloudFront)")
            assert len(answered["X-Amz-Cf-Id"]) == 56
        asked = seen[0]
        assert asked.path_qs == "/graphql/realtime?header=e30&payload=e30"
        assert asked.headers["Host"] == ORIGIN
        assert asked.headers["Sec-WebSocket-Protocol"] == "graphql-ws,header-e30"
        assert asked.headers["X-Forwarded-For"] == LOOPBACK

    runner.run(story())


def test_an_origin_that_speaks_first_is_heard(runner: asyncio.Runner, there: Edge) -> None:
    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        socket = await accept(request)
        for number in range(100):
            await socket.send_str(str(number))
        await socket.close()
        return socket

    async def story() -> None:
        async with origin(there, serve), viewer(there) as socket:
            assert [message.data async for message in socket] == [str(number) for number in range(100)]

    runner.run(story())


def test_pings_and_closing_codes_are_the_ends_own(runner: asyncio.Runner, there: Edge) -> None:
    ended: asyncio.Queue[int | None] = asyncio.Queue()

    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        socket = await accept(request, autoping=False)
        async for message in socket:
            if message.type is WSMsgType.PING:
                await socket.pong(message.data + b" heard")
            elif message.data == "leave":
                await socket.close(code=4401, message=b"go")
        await ended.put(socket.close_code)
        return socket

    async def story() -> None:
        async with origin(there, serve):
            async with viewer(there, autoping=False) as socket:
                await socket.ping(b"ping")
                assert await socket.receive(SECONDS) == (WSMsgType.PONG, b"ping heard", "")
                await socket.close(code=4000)
            assert await asyncio.wait_for(ended.get(), SECONDS) == 4000
            async with viewer(there) as socket:
                await socket.send_str("leave")
                assert await socket.receive(SECONDS) == (WSMsgType.CLOSE, 4401, "go")

    runner.run(story())


def test_either_end_that_is_gone_closes_the_other(runner: asyncio.Runner, there: Edge) -> None:
    open_: asyncio.Queue[web.BaseRequest] = asyncio.Queue()
    ended: asyncio.Queue[int | None] = asyncio.Queue()

    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        socket = await accept(request)
        await open_.put(request)
        await socket.receive()
        await ended.put(socket.close_code)
        return socket

    def abort(transport: asyncio.BaseTransport | None) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.abort()

    async def story() -> None:
        async with origin(there, serve):
            async with viewer(there) as socket:
                await open_.get()
                connection = socket._response.connection
                assert connection is not None
                abort(connection.transport)
                assert await asyncio.wait_for(ended.get(), SECONDS) == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
            async with viewer(there) as socket:
                abort((await open_.get()).transport)
                assert (await socket.receive(SECONDS)).type is WSMsgType.CLOSED

    runner.run(story())


def test_an_origins_refusal_is_passed_on_as_it_is(runner: asyncio.Runner, there: Edge) -> None:
    async def serve(_: web.BaseRequest) -> web.StreamResponse:
        headers = {"x-amzn-ErrorType": "UnauthorizedException"}
        return web.json_response({"errors": [{"errorType": "UnauthorizedException"}]}, status=401, headers=headers)

    async def story() -> None:
        async with origin(there, serve):
            handshake = {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
            for _ in range(2):  # the connection can be used on
                answer = await there.send("London", "GET", "/graphql/realtime", tunnel.UPGRADE | handshake)
                assert answer.status == 401
                assert answer.text == '{"errors": [{"errorType": "UnauthorizedException"}]}'
                assert answer.headers["x-amzn-ErrorType"] == "UnauthorizedException"
                assert answer.headers["X-Cache"] == "Error from cloudfront"

    runner.run(story())


def test_a_function_may_answer_the_handshake_itself(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        await there.run("return {'status': '503', 'headers': {'retry-after': [{'value': '5'}]}}")
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            async with viewer(there):
                pass
        await there.run(TO_ORIGIN)
        assert caught.value.status == 503
        assert caught.value.headers is not None
        assert caught.value.headers["Retry-After"] == "5"

    runner.run(story())


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Upgrade": "h2c", "Connection": "Upgrade"}),
        ("GET", {"Upgrade": "websocket"}),
        ("POST", {"Upgrade": "websocket", "Connection": "Upgrade"}),
    ],
)
def test_any_other_upgrade_is_taken_off_the_request(
    method: str, headers: dict[str, str], runner: asyncio.Runner, there: Edge
) -> None:
    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text=request.headers.get("Upgrade", "none"))

    async def story() -> None:
        async with origin(there, serve):
            answer = await there.send("London", method, "/", headers)
            assert (answer.status, answer.text) == (200, "none")

    runner.run(story())


def test_a_connection_on_which_the_origin_says_nothing_for_long_is_closed(
    runner: asyncio.Runner, there: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with origin(there, echo), viewer(there) as socket:
            for _ in range(4):
                await asyncio.sleep(0.2)
                await socket.send_str("the answer keeps it open")
                assert (await socket.receive(SECONDS)).type is WSMsgType.TEXT
            assert (await socket.receive(SECONDS)).type is WSMsgType.CLOSED

    async def deaf(request: web.BaseRequest) -> web.StreamResponse:
        socket = await accept(request)
        async for _ in socket:
            pass
        return socket

    async def what_the_viewer_says_does_not_count() -> None:
        async with origin(there, deaf), viewer(there) as socket:
            closed = asyncio.ensure_future(socket.receive(SECONDS))
            for _ in range(8):
                await asyncio.sleep(0.1)
                if closed.done():
                    break
                # The edge may close it between the question and the sending; that it did is asked below.
                with suppress(ClientConnectionResetError):
                    await socket.send_str("anyone there?")
            assert (await closed).type is WSMsgType.CLOSED

    monkeypatch.setattr(tunnel, "IDLE_SECONDS", 0.5)
    runner.run(story())
    runner.run(what_the_viewer_says_does_not_count())


def test_a_viewer_that_does_not_read_holds_the_origin_up_instead_of_filling_the_edge(
    runner: asyncio.Runner, there: Edge
) -> None:
    piece, pieces = b"p" * 1_000_000, 60
    sent = 0

    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal sent
        socket = await accept(request)
        for _ in range(pieces):
            await socket.send_bytes(piece)
            sent += 1
        return socket

    async def story() -> None:
        async with origin(there, serve), viewer(there) as socket:
            connection = socket._response.connection
            assert connection is not None
            assert connection.transport is not None
            connection.transport.pause_reading()
            await asyncio.sleep(1)
            assert sent < pieces
            connection.transport.resume_reading()
            received = [(await socket.receive(SECONDS)).data for _ in range(pieces)]
            assert received == [piece] * pieces

    runner.run(story())

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.certificates import CertificateAuthority
from sandbox.ports import LOOPBACK
from sandbox.tls_listener import Availability, TlsListener

PORT = 22390 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


async def handle(_: web.BaseRequest) -> web.StreamResponse:
    return web.Response(text="served")


@asynccontextmanager
async def listening(authority: CertificateAuthority) -> AsyncIterator[ssl.SSLContext]:
    async with turning(authority) as (tls, _):
        yield tls


@asynccontextmanager
async def turning(authority: CertificateAuthority) -> AsyncIterator[tuple[ssl.SSLContext, TlsListener]]:
    async def context_for(name: str) -> ssl.SSLContext | None:
        if name == "fault.test":
            raise LookupError(name)
        return authority.server_context([name]) if name == "known.test" else None

    listener = TlsListener(PORT, context_for, handle)
    await listener.start()
    try:
        yield authority.client_context(), listener
    finally:
        await listener.stop()


async def get(tls: ssl.SSLContext, name: str) -> str:
    reader, writer = await asyncio.open_connection(LOOPBACK, PORT, ssl=tls, server_hostname=name)
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answer = (await reader.read()).decode()
    writer.close()
    return answer.rpartition("\r\n")[2]


def test_an_unknown_name_and_a_fault_cost_only_their_own_connection(tmp_path: Path) -> None:
    async def story() -> None:
        async with listening(CertificateAuthority(tmp_path)) as tls:
            with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
                await get(tls, "unknown.test")
            with pytest.raises(OSError, match=r"."):
                await get(tls, "fault.test")
            assert await get(tls, "known.test") == "served"

    asyncio.run(story())


async def send(opening: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(LOOPBACK, PORT)
    writer.write(opening)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


def test_plain_http_is_told_what_it_was_sent_to(tmp_path: Path) -> None:
    async def story() -> None:
        async with listening(CertificateAuthority(tmp_path)):
            for body in (b"", b"x" * 300_000):
                answer = await send(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
                assert b"The plain HTTP request was sent to HTTPS port" in answer

    asyncio.run(story())


def test_a_client_that_says_nothing_or_no_hello_is_hung_up_on(tmp_path: Path) -> None:
    async def story() -> None:
        async with listening(CertificateAuthority(tmp_path)):
            assert await send(b"") == b""
            with pytest.raises(ConnectionResetError):
                await send(b"\x16 and nothing of TLS")

    asyncio.run(story())


MALFORMED = [
    b"BREW / HTTP/1.1\r\nAuthorization: s3cret\r\n\r\n",
    b"GET / HTTP/1.1\r\nAuthorization: " + b"s3cret" * 4000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nAuthorization s3cret\r\n\r\n",
    b"GET / HTTP/1.1\r\nAuthorization: s3cret\x01\r\n\r\n",
    b"GET / HTTP/1.1\r\nAuthorization: s3cret\xff\r\n\r\n",
    b"GET /?s3cret=\xff\xfe HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz s3cret\r\n\r\n",
]


@pytest.mark.parametrize("request_", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_request_is_refused_and_leaves_nothing_of_it_in_a_log(
    request_: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with listening(CertificateAuthority(tmp_path)) as tls:
            reader, writer = await asyncio.open_connection(LOOPBACK, PORT, ssl=tls, server_hostname="known.test")
            # An answered request before it: of a connection's first one, aiohttp logs less.
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" + request_)
            assert b" 400 Bad Request\r\n" in await asyncio.wait_for(reader.readuntil(b"Bad Request\r\n"), 5)
            writer.close()

    asyncio.run(story())
    assert "s3cret" not in caplog.text
    assert len(caplog.text.splitlines()) <= 1


def test_a_hello_may_come_in_pieces(tmp_path: Path) -> None:
    async def story() -> None:
        async with listening(CertificateAuthority(tmp_path)) as tls:
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            client = tls.wrap_bio(incoming, outgoing, server_hostname="known.test")
            reader, writer = await asyncio.open_connection(LOOPBACK, PORT)
            while True:
                try:
                    client.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    flight = outgoing.read()
                    for piece in (flight[:7], flight[7:100], flight[100:]):
                        writer.write(piece)
                        await asyncio.sleep(0.02)
                    incoming.write(await reader.read(65536))
            writer.close()
            assert client.version() == "TLSv1.3"

    asyncio.run(story())


def test_stopping_closes_the_port_and_idle_connections(tmp_path: Path) -> None:
    async def story() -> None:
        async with listening(CertificateAuthority(tmp_path)) as tls:
            reader, writer = await asyncio.open_connection(LOOPBACK, PORT, ssl=tls, server_hostname="known.test")
            silent, _ = await asyncio.open_connection(LOOPBACK, PORT)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        assert await asyncio.wait_for(silent.read(), 5) == b""
        writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(LOOPBACK, PORT)

    asyncio.run(story())


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def connected(tls: ssl.SSLContext) -> list[Connection]:
    """A connection that has been answered once, one that has half asked, and one that has not said hello."""
    idle = await asyncio.open_connection(LOOPBACK, PORT, ssl=tls, server_hostname="known.test")
    idle[1].write(REQUEST)
    await asyncio.wait_for(idle[0].readuntil(b"served"), 5)
    half = await asyncio.open_connection(LOOPBACK, PORT, ssl=tls, server_hostname="known.test")
    half[1].write(REQUEST[:20])
    return [idle, half, await asyncio.open_connection(LOOPBACK, PORT)]


async def has_ended(connection: Connection) -> bool:
    """Whether the other end has ended the connection, by a close or by a reset."""
    try:
        return await asyncio.wait_for(connection[0].read(), 5) == b""
    except ConnectionError:
        return True


async def is_silent(connection: Connection, seconds: float = 0.2) -> bool:
    """Whether nothing comes for `seconds`, neither an answer to what is sent nor an end."""
    connection[1].write(REQUEST)
    try:
        await asyncio.wait_for(connection[0].read(1), seconds)
    except TimeoutError:
        return True
    return False


def test_one_that_refuses_ends_what_is_open_and_takes_no_connection_until_it_serves_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with turning(CertificateAuthority(tmp_path)) as (tls, listener):
            there = await connected(tls)

            await listener.turn(Availability.REFUSING)

            assert all([await has_ended(each) for each in there])
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(LOOPBACK, PORT)
            await listener.turn(Availability.SERVING)
            assert await get(tls, "known.test") == "served"

    asyncio.run(story())


def test_one_that_hangs_is_silent_to_old_and_new_connections_until_it_serves_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with turning(CertificateAuthority(tmp_path)) as (tls, listener):
            there = await connected(tls)

            await listener.turn(Availability.HANGING)

            assert all(await asyncio.gather(*map(is_silent, there)))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(get(tls, "known.test"), 0.2)
            new = await asyncio.open_connection(LOOPBACK, PORT)
            assert await is_silent(new)
            await listener.turn(Availability.SERVING)
            assert all([await has_ended(each) for each in (*there, new)])
            assert await get(tls, "known.test") == "served"

    asyncio.run(story())


def test_one_that_hangs_may_go_on_to_refuse_and_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with turning(CertificateAuthority(tmp_path)) as (_, listener):
            await listener.turn(Availability.HANGING)
            silent = await asyncio.open_connection(LOOPBACK, PORT)
            assert await is_silent(silent)
            await listener.turn(Availability.REFUSING)
            assert await has_ended(silent)
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(LOOPBACK, PORT)
            await listener.turn(Availability.HANGING)
            silent = await asyncio.open_connection(LOOPBACK, PORT)
            assert await is_silent(silent)
        assert await has_ended(silent)

    asyncio.run(story())

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
from sandbox.tls_listener import TlsListener

PORT = 22390 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


async def handle(_: web.BaseRequest) -> web.StreamResponse:
    return web.Response(text="served")


@asynccontextmanager
async def listening(authority: CertificateAuthority) -> AsyncIterator[ssl.SSLContext]:
    async def context_for(name: str) -> ssl.SSLContext | None:
        if name == "fault.test":
            raise LookupError(name)
        return authority.server_context([name]) if name == "known.test" else None

    listener = TlsListener(PORT, context_for, handle)
    await listener.start()
    try:
        yield authority.client_context()
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


def test_a_client_that_does_not_speak_tls_is_hung_up_on(tmp_path: Path) -> None:
    async def story() -> None:
        async with listening(CertificateAuthority(tmp_path)):
            for opening in (b"GET / HTTP/1.1\r\n\r\n", b""):
                reader, writer = await asyncio.open_connection(LOOPBACK, PORT)
                writer.write(opening)
                writer.write_eof()
                with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                    await asyncio.wait_for(reader.readexactly(1), 5)
                writer.close()

    asyncio.run(story())


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

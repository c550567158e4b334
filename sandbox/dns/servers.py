"""The name servers' sockets: UDP and TCP, one port for each regional edge cache."""

import asyncio
import contextlib
from typing import cast

from sandbox.control_plane import ControlPlane
from sandbox.dns.answers import IsHealthy
from sandbox.dns.control import DnsFaults
from sandbox.dns.name_server import NameServer
from sandbox.dns.responder import Responder
from sandbox.faults.state import Faults
from sandbox.ports import LOOPBACK, Ports

_IDLE_SECONDS = 10.0


class DnsServers:
    """DNS as it looks from each regional edge cache, from the records that AWS holds at the moment of asking.

    `is_healthy` says which of AWS's health checks are healthy. `faults` are what is out of order, beside what is
    `planted` in the whole sandbox.
    """

    def __init__(
        self,
        control_plane: ControlPlane,
        ports: Ports,
        is_healthy: IsHealthy = lambda _: True,
        *,
        planted: Faults | None = None,
    ) -> None:
        self._control_plane = control_plane
        self._ports = ports
        self._is_healthy = is_healthy
        self.faults = DnsFaults(ports.dns, planted)
        self._running = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Listens.

        Raises:
            OSError: a port is taken; those that were open are closed again.
        """
        async with contextlib.AsyncExitStack() as running:
            for region, port in self._ports.dns.items():
                name_server = NameServer(Responder(self._control_plane, region, self._is_healthy), self.faults, region)
                await _listen_udp(running, name_server, port)
                await _listen_tcp(running, name_server, port)
            self._running = running.pop_all()

    async def stop(self) -> None:
        await self._running.aclose()


async def _listen_udp(running: contextlib.AsyncExitStack, name_server: NameServer, port: int) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(name_server), (LOOPBACK, port))
    running.callback(transport.close)


async def _listen_tcp(running: contextlib.AsyncExitStack, name_server: NameServer, port: int) -> None:
    streams = _Streams(name_server)
    server = await asyncio.start_server(streams.serve, LOOPBACK, port)
    running.push_async_callback(streams.stop)
    running.callback(server.close)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, name_server: NameServer) -> None:
        self._name_server = name_server
        self._answering: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        task = asyncio.create_task(self._answer(data, addr))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's protocol
        for task in self._answering:
            task.cancel()

    async def _answer(self, data: bytes, addr: tuple[str, int]) -> None:
        for response in await self._name_server.over_udp(data):
            self._transport.sendto(response, addr)


class _Streams:
    """Messages with a length of two bytes before each, one after the other (RFC 7766)."""

    def __init__(self, name_server: NameServer) -> None:
        self._name_server = name_server
        self._serving: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._serving.add(task)
        # A client that goes away, in a message or between two, or falls silent, ends its connection and no more.
        gone = (asyncio.IncompleteReadError, ConnectionError, TimeoutError, asyncio.CancelledError)
        try:
            with contextlib.suppress(*gone):
                while responses := await self._name_server.over_tcp(await _message(reader)):
                    for response in responses:
                        writer.write(len(response).to_bytes(2, "big") + response)
                    await writer.drain()
        finally:
            self._serving.discard(task)
            writer.close()

    async def stop(self) -> None:
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving)


async def _message(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(_IDLE_SECONDS):
        size = int.from_bytes(await reader.readexactly(2), "big")
        return await reader.readexactly(size)

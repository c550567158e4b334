"""The processes of a load test beside the emulator's: the edge location, and a light origin behind it."""

import asyncio
import ssl
from contextlib import AsyncExitStack
from multiprocessing.connection import Connection
from pathlib import Path

from bench.http_message import size
from sandbox.aws import Clients
from sandbox.certificates import CertificateAuthority
from sandbox.cloudfront.network import EdgeNetwork
from sandbox.control_plane import ControlPlane
from sandbox.dns import DnsServers
from sandbox.gateway import Gateway
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import LOOPBACK, Ports
from sandbox.roles import Roles

_BODY = b'{"data":{"region":"eu-west-1"}}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)


def edge(home: Path, base: int, city: str, parent: Connection) -> None:
    """One edge location and what it needs of AWS; says when it listens, and ends when `parent` closes."""
    asyncio.run(_edge(home, Ports(base), city, parent))


async def _edge(home: Path, ports: Ports, city: str, parent: Connection) -> None:
    control_plane = ControlPlane(Clients(ports.aws_endpoint))
    gateway = Gateway(f"http://{LOOPBACK}:{ports.emulator}", control_plane.changed)
    runtime = LambdaRuntime(control_plane, ports.aws_endpoint, home / "functions", Roles())
    network = EdgeNetwork(control_plane, runtime, ports, CertificateAuthority(home), [city])
    async with AsyncExitStack() as running:
        running.push_async_callback(gateway.stop)
        await gateway.start(LOOPBACK, ports.gateway)
        running.push_async_callback(runtime.stop)
        for part in (DnsServers(control_plane, ports), network):
            running.push_async_callback(part.stop)
            await part.start()
        await _until_closed(parent)


def origin(home: Path, port: int, host: str, parent: Connection) -> None:
    """A server for `host` that does nothing but answer; says when it listens, and ends when `parent` closes."""
    asyncio.run(_origin(CertificateAuthority(home).server_context([host]), port, parent))


async def _origin(context: ssl.SSLContext, port: int, parent: Connection) -> None:
    async with await asyncio.get_running_loop().create_server(_Answers, LOOPBACK, port, ssl=context):
        await _until_closed(parent)


async def _until_closed(parent: Connection) -> None:
    parent.send("ready")
    await asyncio.to_thread(parent.poll, None)


class _Answers(asyncio.Protocol):
    """The same answer to every request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - that of a stream server
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (whole := size(self._received)) and len(self._received) >= whole:
            self._received = self._received[whole:]
            self._transport.write(_ANSWER)

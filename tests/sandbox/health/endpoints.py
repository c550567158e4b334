"""Endpoints for health checkers to ask: HTTPS servers on this machine that answer what a test says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox.certificates import CertificateAuthority
from sandbox.ports import LOOPBACK

HOST = "ireland.example.test"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
SICK = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


class Served:
    """A server: what it answers, nothing where that is None, and the heads of the requests that it got."""

    def __init__(self) -> None:
        self.answer: bytes | None = OK
        self.requests: list[str] = []
        self.port = 0

    async def find(self, host: str) -> int | None:
        return self.port if host == HOST else None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
        if self.answer is None:
            await reader.read()
        else:
            writer.write(self.answer)
        writer.close()


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Served]:
    endpoint = Served()
    context = CertificateAuthority(folder).server_context(["another.test"])
    server = await asyncio.start_server(endpoint.serve, LOOPBACK, 0, ssl=context)
    endpoint.port = server.sockets[0].getsockname()[1]
    try:
        yield endpoint
    finally:
        server.close()

"""The HTTPS listener of each region, which leads a request to what serves its host there."""

import asyncio
import ssl
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from aiohttp import web

from sandbox.ports import Ports
from sandbox.tls_listener import TlsListener


class Hosts(Protocol):
    """What answers under some host names in every region."""

    def serves(self, region: str, host: str) -> bool:
        """Whether `host`, in lower case, is of its kind of names, taken or not."""

    async def context_for(self, region: str, host: str) -> ssl.SSLContext | None:
        """The certificate of `host` in `region`; None where no such name is there."""

    async def handle(self, region: str, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to a request for one of its hosts."""

    async def stop(self) -> None:
        """Ends what it has begun beside the requests."""


class RegionalListeners:
    """Listens in every region, so that a name is served from the moment that AWS has it.

    Args:
        ports: where each region listens.
        hosts: of these, the first that serves a host gets its requests; the last gets those that none serves.
    """

    def __init__(self, ports: Ports, hosts: Sequence[Hosts]) -> None:
        self._hosts = hosts
        self.listeners = {  # by region
            region: TlsListener(port, partial(self._context_for, region), partial(self._handle, region))
            for region, port in ports.regions.items()
        }

    async def start(self) -> None:
        for listener in self.listeners.values():
            await listener.start()

    async def stop(self) -> None:
        for hosts in self._hosts:
            await hosts.stop()
        await asyncio.gather(*(listener.stop() for listener in self.listeners.values()))

    async def _context_for(self, region: str, host: str) -> ssl.SSLContext | None:
        return await self._serving(region, host).context_for(region, host)

    async def _handle(self, region: str, request: web.BaseRequest) -> web.StreamResponse:
        return await self._serving(region, host_of(request)).handle(region, request)

    def _serving(self, region: str, host: str) -> Hosts:
        return next((hosts for hosts in self._hosts if hosts.serves(region, host)), self._hosts[-1])


def host_of(request: web.BaseRequest) -> str:
    """The host that a request is for, without a port and in lower case; "" where it names none."""
    return request.headers.get("Host", "").partition(":")[0].lower()

"""What comes out of a name server's sockets: the right answers, unless a fault is planted."""

import asyncio

from sandbox.dns.control import DnsFaults
from sandbox.dns.responder import Responder


class NameServer:
    """`responder` behind `faults`, as it is asked from `region`."""

    def __init__(self, responder: Responder, faults: DnsFaults, region: str) -> None:
        self._responder = responder
        self._faults = faults
        self._region = region

    async def over_udp(self, wire: bytes) -> tuple[bytes, ...]:
        """The datagrams to send for one that came in."""
        return await self._disturbed(await self._responder.over_udp(wire), tcp=False)

    async def over_tcp(self, wire: bytes) -> tuple[bytes, ...]:
        """The messages to send for one on a connection; none where it is to be closed."""
        return await self._disturbed(await self._responder.over_tcp(wire), tcp=True)

    async def _disturbed(self, answer: bytes | None, *, tcp: bool) -> tuple[bytes, ...]:
        if answer is None:
            return ()
        reply = self._faults.reply(self._region, answer, tcp=tcp)
        await asyncio.sleep(reply.after)
        return reply.messages

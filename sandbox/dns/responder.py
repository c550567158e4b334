"""A DNS response to the bytes of a DNS query."""

import logging

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rdataclass
import dns.rdatatype
from dns.message import Message
from dns.rcode import Rcode

from sandbox.control_plane import ControlPlane
from sandbox.dns.answers import Answer, resolve
from sandbox.dns.zones import UnsupportedRecordError, Zones, read_zones

_log = logging.getLogger(__name__)
_HEADER = 12
_PLAIN_UDP = 512
_MAX_UDP = 1232  # what crosses every path unfragmented (DNS flag day 2020)


class Responder:
    """The resolver that programs in `region` are given."""

    def __init__(self, control_plane: ControlPlane, region: str) -> None:
        self._control_plane = control_plane
        self._region = region

    async def over_udp(self, wire: bytes) -> bytes | None:
        """The response to a datagram, truncated where the asker has no room for it; None for what is no query."""
        return await self._respond(wire, tcp=False)

    async def over_tcp(self, wire: bytes) -> bytes | None:
        """The whole response to a message on a connection; None for what is no query."""
        return await self._respond(wire, tcp=True)

    async def _respond(self, wire: bytes, *, tcp: bool) -> bytes | None:
        if len(wire) < _HEADER or wire[2] & 0x80:
            return None  # to answer a response could go on for ever
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return _malformed(wire)
        response = dns.message.make_response(query, recursion_available=True, our_payload=_MAX_UDP)
        answer = await self._answer(query)
        response.set_rcode(answer.code)
        response.answer = list(answer.answer)
        response.authority = list(answer.authority)
        room = min(max(query.payload, _PLAIN_UDP), _MAX_UDP)
        return response.to_wire(max_size=0 if tcp else room, prefer_truncation=True)

    async def _answer(self, query: Message) -> Answer:
        if query.opcode() != dns.opcode.QUERY:
            return Answer(Rcode.NOTIMP)
        if len(query.question) != 1:
            return Answer(Rcode.FORMERR)
        question = query.question[0]
        if question.rdclass != dns.rdataclass.IN or dns.rdatatype.is_metatype(question.rdtype):
            return Answer(Rcode.NOTIMP)
        try:
            zones = await self._control_plane.read("route53", "zones", self._read_zones)
            return resolve(zones, question.name, question.rdtype, self._region)
        except UnsupportedRecordError as error:
            _log.warning("%s", error)
        except Exception:  # noqa: BLE001 - whatever went wrong, the asker gets an answer and the log the reason
            _log.exception("no answer for %s", question)
        return Answer(Rcode.SERVFAIL)

    def _read_zones(self) -> Zones:
        return read_zones(self._control_plane.clients("route53"))


def _malformed(wire: bytes) -> bytes:
    response = Message(id=int.from_bytes(wire[:2], "big"))
    response.flags = dns.flags.QR | dns.flags.RA
    response.set_rcode(Rcode.FORMERR)
    return response.to_wire()

"""A DNS response to the bytes of a DNS query."""

import logging

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rdataclass
import dns.rdatatype
from dns.edns import ECSOption
from dns.message import Message
from dns.rcode import Rcode

from geography import CITIES, City, city_of_region
from sandbox import edge_addresses
from sandbox.control_plane import ControlPlane
from sandbox.dns.answers import Answer, IsHealthy, resolve
from sandbox.dns.zones import UnsupportedRecordError, Zones, read_zones

_log = logging.getLogger(__name__)
_HEADER = 12
_PLAIN_UDP = 512
_CITY = 24  # bits of an address by which a city is known
_MAX_UDP = 1232  # what crosses every path unfragmented (DNS flag day 2020)


class Responder:
    """The resolver that programs in `region` are given, and the zones' own name servers as they are reached from there.

    A question says which of the two it is for: a resolver is asked to recurse, a name server of a zone is not.
    """

    def __init__(self, control_plane: ControlPlane, region: str, is_healthy: IsHealthy) -> None:
        self._control_plane = control_plane
        self._is_healthy = is_healthy
        self._place = city_of_region(region)

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
        recurses = bool(query.flags & dns.flags.RD)
        subnet = None if recurses else _subnet(query)
        client = edge_addresses.city_at(f"{subnet.address}/{subnet.srclen}") if subnet else None
        answer = await self._answer(query, CITIES[client] if client else self._place)
        response = dns.message.make_response(query, recursion_available=recurses, our_payload=_MAX_UDP)
        if subnet:
            scope = _CITY if client else 0
            response.use_edns(0, payload=_MAX_UDP, options=[ECSOption(subnet.address, subnet.srclen, scope)])
        if not recurses and answer.code in (Rcode.NOERROR, Rcode.NXDOMAIN):
            response.flags |= dns.flags.AA
        response.set_rcode(answer.code)
        response.answer = list(answer.answer)
        response.authority = list(answer.authority)
        room = min(max(query.payload, _PLAIN_UDP), _MAX_UDP)
        return response.to_wire(max_size=0 if tcp else room, prefer_truncation=True)

    async def _answer(self, query: Message, place: City) -> Answer:
        if query.opcode() != dns.opcode.QUERY:
            return Answer(Rcode.NOTIMP)
        if len(query.question) != 1:
            return Answer(Rcode.FORMERR)
        question = query.question[0]
        if question.rdclass != dns.rdataclass.IN or dns.rdatatype.is_metatype(question.rdtype):
            return Answer(Rcode.NOTIMP)
        try:
            zones = await self._control_plane.read("route53", "zones", self._read_zones)
            if not query.flags & dns.flags.RD and zones.holding(question.name) is None:
                return Answer(Rcode.REFUSED)
            return resolve(zones, question.name, question.rdtype, place, self._is_healthy)
        except UnsupportedRecordError as error:
            _log.warning("%s", error)
        except Exception:  # noqa: BLE001 - whatever went wrong, the asker gets an answer and the log the reason
            _log.exception("no answer for %s", question)
        return Answer(Rcode.SERVFAIL)

    def _read_zones(self) -> Zones:
        return read_zones(self._control_plane.clients("route53"))


def _subnet(query: Message) -> ECSOption | None:
    """The subnet for which the question is asked (RFC 7871); a resolver in a VPC neither uses it nor passes it on."""
    return next((option for option in query.options if isinstance(option, ECSOption)), None)


def _malformed(wire: bytes) -> bytes:
    response = Message(id=int.from_bytes(wire[:2], "big"))
    response.flags = dns.flags.QR | dns.flags.RA
    response.set_rcode(Rcode.FORMERR)
    return response.to_wire()

"""What comes back from name servers that are out of order: wrong messages, each made of the right answer."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name
import dns.rrset
from dns.message import Message
from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

_LATE_SECONDS = 2.0  # a viewer waits for less than one
# Questions that go unanswered, and then as many that are answered: more than one lookup has, so that whole ones fail.
_FLAP = 4
_MAX_DATAGRAM = 65_507  # what IPv4 and UDP leave of 64 KB
_MAX_MESSAGE = 65_535
_ALIASES = (RdataType.CNAME, RdataType.NS)
_UNKNOWN = dns.name.from_text("atlantis")
_ELSEWHERE = dns.name.from_text("example.net")


@dataclass(frozen=True)
class Exchange:
    """The right answer to a question, which is the `turn`-th since the fault was planted, counted from 0."""

    answer: bytes
    tcp: bool = False
    turn: int = 0


@dataclass(frozen=True)
class Reply:
    """What is sent, `after` so many seconds. Over TCP, where nothing is, the connection ends."""

    messages: tuple[bytes, ...] = ()
    after: float = 0.0


Fault = Callable[[Exchange], Reply]


def good(exchange: Exchange) -> Reply:
    """The right answer."""
    return Reply((exchange.answer,))


def _down(_: Exchange) -> Reply:
    return Reply()


def _slow(exchange: Exchange) -> Reply:
    return Reply((exchange.answer,), _LATE_SECONDS)


def _flapping(exchange: Exchange) -> Reply:
    return Reply() if exchange.turn // _FLAP % 2 == 0 else good(exchange)


def _truncated(exchange: Exchange) -> Reply:
    """A datagram that says that TCP would have more, which it has not."""
    return Reply() if exchange.tcp else _cut(exchange)


def _noise(exchange: Exchange) -> Reply:
    """Random bytes, as many as there can be; of the datagrams, the second sends the asker to TCP for more of them."""
    generator = random.Random(exchange.answer)  # noqa: S311 - nothing is kept secret by it
    if exchange.tcp:
        return Reply((generator.randbytes(_MAX_MESSAGE),))
    return Reply((generator.randbytes(_MAX_DATAGRAM), *_cut(exchange).messages))


def _wrong_id(exchange: Exchange) -> Reply:
    return Reply((bytes((exchange.answer[0] ^ 0xFF,)) + exchange.answer[1:],))


def _loop(exchange: Exchange) -> Reply:
    """A record whose owner, or whose alias, is a pointer to itself (RFC 1035, section 4.1.4): by the query's id."""
    message = dns.message.from_wire(exchange.answer)
    message.use_edns(None)
    _clear(message)
    wire = bytearray(message.to_wire())
    wire[6:8] = (1).to_bytes(2, "big")
    kind = message.question[0].rdtype.to_bytes(2, "big") + b"\x00\x01"
    if message.id % 2:
        owner = _pointer(len(wire))
        data = _pointer(12)
    else:
        owner = _pointer(12)
        data = _pointer(len(wire) + len(owner) + 10)
    return Reply((bytes(wire) + owner + kind + (60).to_bytes(4, "big") + b"\x00\x02" + data,))


def _pointer(offset: int) -> bytes:
    return (0xC000 | offset).to_bytes(2, "big")


def _cut(exchange: Exchange) -> Reply:
    message = dns.message.from_wire(exchange.answer)
    _clear(message)
    message.flags |= dns.flags.TC
    return Reply((message.to_wire(),))


def _clear(message: Message) -> None:
    message.answer, message.authority, message.additional = [], [], []


def _changed(change: Callable[[Message], object]) -> Fault:
    """The right answer, changed."""

    def fault(exchange: Exchange) -> Reply:
        message = dns.message.from_wire(exchange.answer)
        change(message)
        return Reply((message.to_wire(),))

    return fault


def _refusing(code: Rcode) -> Fault:
    def refuse(message: Message) -> None:
        _clear(message)
        message.set_rcode(code)

    return _changed(refuse)


def _ask_another(message: Message) -> None:
    """The right records, in answer to a question about a name that is as long as the one that was asked."""
    asked = message.question[0]
    first = asked.name.labels[0]
    other = Name(((b"y" if first[:1] == b"x" else b"x") + first[1:], *asked.name.labels[1:]))
    message.question = [dns.rrset.RRset(other, asked.rdclass, asked.rdtype)]


def _leading(to: Callable[[Name], Name]) -> Fault:
    """The right answer, but that its aliases lead elsewhere."""

    def lead(message: Message) -> None:
        message.answer = [
            dns.rrset.from_rdata_list(
                rrset.name, rrset.ttl, [record.replace(target=to(record.target)) for record in rrset]
            )
            if rrset.rdtype in _ALIASES
            else rrset
            for rrset in message.answer
        ]

    return _changed(lead)


def _dotted(name: Name) -> Name:
    """A dot as the last character of the last label: no end of a name, though it reads like one."""
    return Name((*name.labels[:-2], name.labels[-2] + b".", b""))


FAULTS: Mapping[str, Fault] = {
    "down": _down,
    "servfail": _refusing(Rcode.SERVFAIL),
    "nxdomain": _refusing(Rcode.NXDOMAIN),
    "empty": _refusing(Rcode.NOERROR),
    "wrong-id": _wrong_id,
    "wrong-question": _changed(_ask_another),
    "truncated": _truncated,
    "loop": _loop,
    "noise": _noise,
    "unknown-key": _leading(lambda _: _UNKNOWN),
    "other-domain": _leading(lambda name: name.relativize(dns.name.root).derelativize(_ELSEWHERE)),
    "upper-case": _leading(lambda name: Name(label.upper() for label in name.labels)),
    "trailing-dot": _leading(_dotted),
    "slow": _slow,
    "flapping": _flapping,
}

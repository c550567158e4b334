"""A DNS query and the strict reading of its answer (RFC 1035): bytes in, values out, no network.

Python's socket module can ask for addresses only, and an address query would follow the latency record to its
target, which is a region's key and no host. A whole DNS library costs more to import than a cold start does.
"""

from __future__ import annotations

from subnet import answered_scope
from wire import MessageError, encode_name, name_text, read_name, read_number

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Iterator

A = b"\x00\x01"
NS = b"\x00\x02"
CNAME = b"\x00\x05"

MAX_MESSAGE = 4096  # these answers fit 512; a limit keeps the work that a hostile answer causes small

_OPT = b"\x00\x29"
_CLIENT_SUBNET = b"\x00\x08"
_IN = b"\x00\x01"
_HEADER = 12
_QUESTION_TAIL = 4  # type and class, behind the name
_OPTION_HEAD = 4  # code and size
_OPT_HEAD = 11  # the root's name, type, size of datagrams, flags and size of the options
_MAX_DATAGRAM = 1232  # what crosses every path unfragmented (DNS flag day 2020)
_IPV4 = 4
_RESPONSE = 0x8000
_OPCODE = 0x7800
_TRUNCATED = 0x0200
_RECURSION_DESIRED = 0x0100
_RCODE = 0x000F
_RCODES = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}


class MismatchError(MessageError):
    """The message answers some other query: whoever sent it, the right answer may still come."""


class TruncatedError(MessageError):
    """The answer did not fit a datagram and has to be asked for over TCP."""


class Reply:
    """What an answer gives: at least one value, and the shortest of their TTLs in seconds.

    Names are lower-case and have no trailing dot. `scope` is the number of leading bits of the query's subnet that the
    answer is for; 0 where it is for any asker, or the server knows nothing of subnets.
    """

    __slots__ = ("scope", "ttl", "values")

    def __init__(self, values: list[str], ttl: int, scope: int) -> None:
        self.values = values
        self.ttl = ttl
        self.scope = scope


def encode_query(name: str, kind: bytes, identifier: int, subnet: bytes = b"") -> bytes:
    """The query for the records of `name` and `kind` (`CNAME`, `NS` or `A`).

    A resolver is asked to find them. A query with `subnet` (see `encode_subnet`) is for the name servers that have
    them: it desires no recursion.

    Raises:
        MessageError: `name` is no DNS name.
    """
    flags = 0 if subnet else _RECURSION_DESIRED
    header = b"".join(number.to_bytes(2, "big") for number in (identifier, flags, 1, 0, 0, 1 if subnet else 0))
    return header + encode_name(name) + kind + _IN + (_encode_opt(subnet) if subnet else b"")


def decode_answer(message: bytes, query: bytes) -> Reply:
    """What `message` gives in answer to `query`.

    Raises:
        MismatchError: it is not the answer to `query`.
        TruncatedError: it is, but cut short by its sender.
        MessageError: it is, but holds no record of the name and type that was asked, or is malformed.
    """
    asked, subnet = _parts(query)
    flags = _check_echo(message, query[:2], asked)
    if flags & _TRUNCATED:
        raise TruncatedError("the answer is truncated")
    code = flags & _RCODE
    if code:
        raise MessageError(f"the server answered {_RCODES.get(code, f'code {code}')}")
    answers = read_number(message, 6, 2)
    others = read_number(message, 8, 2) + read_number(message, 10, 2) if subnet else 0
    values = []
    ttls = []
    scope = 0
    for number, (owner, kind, ttl, data, end) in enumerate(_records(message, _HEADER + len(asked), answers + others)):
        if number < answers:
            if owner + kind == asked.lower():
                values.append(_value(message, kind, data, end))
                ttls.append(_lifetime(ttl))
        elif kind[:2] == _OPT:
            scope = _scope(message[data:end], subnet)
    if not values:
        raise MessageError("the answer holds no such record of the name that was asked")
    return Reply(values, min(ttls), scope)


def _encode_opt(subnet: bytes) -> bytes:
    option = _CLIENT_SUBNET + len(subnet).to_bytes(2, "big") + subnet
    return b"\x00" + _OPT + _MAX_DATAGRAM.to_bytes(2, "big") + bytes(4) + len(option).to_bytes(2, "big") + option


def _parts(query: bytes) -> tuple[bytes, bytes]:
    """The question of one of our queries, and its subnet."""
    end = read_name(query, _HEADER)[1] + _QUESTION_TAIL
    return query[_HEADER:end], query[end + _OPT_HEAD + _OPTION_HEAD :]


def _check_echo(message: bytes, identifier: bytes, asked: bytes) -> int:
    """The flags of `message`, known to be a response with the query's id and question."""
    if message[:2] != identifier:
        raise MismatchError("the answer has another id")
    flags = read_number(message, 2, 2)
    if flags & (_RESPONSE | _OPCODE) != _RESPONSE:
        raise MismatchError("the message is no answer to a query")
    if read_number(message, 4, 2) != 1 or message[_HEADER : _HEADER + len(asked)].lower() != asked.lower():
        raise MismatchError("the answer has another question")
    return flags


def _records(message: bytes, at: int, count: int) -> Iterator[tuple[bytes, bytes, int, int, int]]:
    """Owner, type with class, TTL, and where the data begins and ends, of `count` records from offset `at` on."""
    for _ in range(count):
        owner, at = read_name(message, at)
        kind, ttl, data = message[at : at + 4], read_number(message, at + 4, 4), at + 10
        at = data + read_number(message, at + 8, 2)
        if at > len(message):
            raise MessageError("the answer ends too early")
        yield owner, kind, ttl, data, at


def _value(message: bytes, kind: bytes, data: int, end: int) -> str:
    if kind[:2] == A:
        if end - data != _IPV4:
            raise MessageError("an address does not fill its record")
        return ".".join(str(octet) for octet in message[data:end])
    name, name_end = read_name(message, data)
    if name_end != end:
        raise MessageError("a name does not fill its record")
    return name_text(name)


def _lifetime(ttl: int) -> int:
    return 0 if ttl >> 31 else ttl  # RFC 2181, section 8: the highest bit set means zero


def _scope(options: bytes, subnet: bytes) -> int:
    at = 0
    while at < len(options):
        data = at + _OPTION_HEAD
        end = data + read_number(options, at + 2, 2)
        if options[at : at + 2] == _CLIENT_SUBNET:
            scope = answered_scope(options[data:end], subnet)
            if scope is None:
                raise MismatchError("the answer is for another subnet")
            return scope
        at = end
    return 0

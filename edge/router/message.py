"""A DNS query for a CNAME and the strict reading of its answer (RFC 1035): bytes in, values out, no network.

Python's socket module can ask for addresses only, and an address query would follow the latency record to its
target, which is a region's key and no host. A whole DNS library costs more to import than a cold start does.
"""

MAX_MESSAGE = 4096  # a CNAME answer fits 512; a limit keeps the work that a hostile answer causes small

_CNAME = b"\x00\x05"
_IN = b"\x00\x01"
_HEADER = 12
_MAX_NAME = 255
_MAX_LABEL = 63
_POINTER = 0xC0
_MAX_POINTERS = 16
_RESPONSE = 0x8000
_OPCODE = 0x7800
_TRUNCATED = 0x0200
_RECURSION_DESIRED = 0x0100
_RCODE = 0x000F
_RCODES = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}


class MessageError(Exception):
    """The message gives no CNAME for the name that was asked; the text says why."""


class MismatchError(MessageError):
    """The message answers some other query: whoever sent it, the right answer may still come."""


class TruncatedError(MessageError):
    """The answer did not fit a datagram and has to be asked for over TCP."""


def encode_query(name: str, identifier: int) -> bytes:
    """The query for the CNAME of `name`, recursion desired.

    Raises:
        MessageError: `name` is no DNS name.
    """
    header = b"".join(number.to_bytes(2, "big") for number in (identifier, _RECURSION_DESIRED, 1, 0, 0, 0))
    return header + _encode_name(name) + _CNAME + _IN


def decode_answer(message: bytes, query: bytes) -> tuple[str, int]:
    """The CNAME that `message` gives in answer to `query`, and its TTL in seconds.

    The CNAME is lower-case and has no trailing dot.

    Raises:
        MismatchError: it is not the answer to `query`.
        TruncatedError: it is, but cut short by its sender.
        MessageError: it is, but holds no CNAME of the name that was asked, or is malformed.
    """
    asked = query[_HEADER:]
    flags = _check_echo(message, query)
    if flags & _TRUNCATED:
        raise TruncatedError("the answer is truncated")
    code = flags & _RCODE
    if code:
        raise MessageError(f"the resolver answered {_RCODES.get(code, f'code {code}')}")
    at = _HEADER + len(asked)
    for _ in range(_number(message, 6, 2)):
        owner, at = _read_name(message, at)
        kind, ttl, size = message[at : at + 4], _number(message, at + 4, 4), _number(message, at + 8, 2)
        data, at = at + 10, at + 10 + size
        if kind == _CNAME + _IN and owner + kind == asked.lower():
            target, end = _read_name(message, data)
            if end != at:
                raise MessageError("the CNAME does not fill its record")
            return _text(target), _lifetime(ttl)
    raise MessageError("the answer holds no CNAME of the name that was asked")


def _check_echo(message: bytes, query: bytes) -> int:
    """The flags of `message`, known to be a response with the query's id and question."""
    asked = query[_HEADER:]
    if message[:2] != query[:2]:
        raise MismatchError("the answer has another id")
    flags = _number(message, 2, 2)
    if flags & (_RESPONSE | _OPCODE) != _RESPONSE:
        raise MismatchError("the message is no answer to a query")
    if _number(message, 4, 2) != 1 or message[_HEADER : _HEADER + len(asked)].lower() != asked.lower():
        raise MismatchError("the answer has another question")
    return flags


def _encode_name(name: str) -> bytes:
    wire = b""
    for label in name.removesuffix(".").split("."):
        if not (label.isascii() and 1 <= len(label) <= _MAX_LABEL):
            raise MessageError(f"{name!r} is no DNS name: each label has 1 to {_MAX_LABEL} ASCII characters")
        wire += bytes((len(label),)) + label.encode()
    if len(wire) >= _MAX_NAME:
        raise MessageError(f"{name!r} is no DNS name: it is longer than {_MAX_NAME} octets")
    return wire + b"\x00"


def _read_name(message: bytes, at: int) -> tuple[bytes, int]:
    """The name at offset `at`, uncompressed and in lower case, and the offset behind it.

    A pointer must lead backwards and there are few of them, so that no message can make this loop.
    """
    wire = b""
    end = 0
    pointers = 0
    while True:
        size = _number(message, at, 1)
        if size > _MAX_LABEL:
            target = _number(message, at, 2) & 0x3FFF
            pointers += 1
            if size < _POINTER or target >= at or pointers > _MAX_POINTERS:
                raise MessageError("a name is compressed in a way that is not allowed")
            end = end or at + 2
            at = target
            continue
        wire += message[at : at + 1 + size]
        at += 1 + size
        if len(wire) > _MAX_NAME:
            raise MessageError(f"a name is longer than {_MAX_NAME} octets")
        if not size:
            return wire.lower(), end or at


def _number(message: bytes, at: int, size: int) -> int:
    if at + size > len(message):
        raise MessageError("the answer ends too early")
    return int.from_bytes(message[at : at + size], "big")


def _text(wire: bytes) -> str:
    labels = []
    at = 0
    while wire[at]:
        labels.append(wire[at + 1 : at + 1 + wire[at]].decode("latin-1"))
        at += 1 + wire[at]
    return ".".join(labels)


def _lifetime(ttl: int) -> int:
    return 0 if ttl >> 31 else ttl  # RFC 2181, section 8: the highest bit set means zero

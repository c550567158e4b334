"""Numbers and domain names as DNS messages hold them (RFC 1035, sections 3.1 and 4.1.4)."""

MAX_NAME = 255

_MAX_LABEL = 63
_POINTER = 0xC0
_MAX_POINTERS = 16


class MessageError(Exception):
    """The message does not give what was asked for; the text says why."""


def encode_name(name: str) -> bytes:
    """`name`, with or without a trailing dot, uncompressed.

    Raises:
        MessageError: `name` is no DNS name.
    """
    wire = b""
    for label in name.removesuffix(".").split("."):
        if not (label.isascii() and 1 <= len(label) <= _MAX_LABEL):
            raise MessageError(f"{name!r} is no DNS name: each label has 1 to {_MAX_LABEL} ASCII characters")
        wire += bytes((len(label),)) + label.encode()
    if len(wire) >= MAX_NAME:
        raise MessageError(f"{name!r} is no DNS name: it is longer than {MAX_NAME} octets")
    return wire + b"\x00"


def read_name(message: bytes, at: int) -> tuple[bytes, int]:
    """The name at offset `at`, uncompressed and in lower case, and the offset behind it.

    A pointer must lead to before where it was read from on, and there are few of them, so that no message can make
    this loop.

    Raises:
        MessageError: it is malformed.
    """
    wire = b""
    end = 0
    pointers = 0
    begun = at
    while True:
        size = read_number(message, at, 1)
        if size > _MAX_LABEL:
            target = read_number(message, at, 2) & 0x3FFF
            pointers += 1
            if size < _POINTER or target >= begun or pointers > _MAX_POINTERS:
                raise MessageError("a name is compressed in a way that is not allowed")
            end = end or at + 2
            at = begun = target
            continue
        wire += message[at : at + 1 + size]
        at += 1 + size
        if len(wire) > MAX_NAME:
            raise MessageError(f"a name is longer than {MAX_NAME} octets")
        if not size:
            return wire.lower(), end or at


def name_text(wire: bytes) -> str:
    """The labels of what `read_name` gave, with dots between them and none behind."""
    labels = []
    at = 0
    while wire[at]:
        labels.append(wire[at + 1 : at + 1 + wire[at]].decode("latin-1"))
        at += 1 + wire[at]
    return ".".join(labels)


def read_number(message: bytes, at: int, size: int) -> int:
    """The number of `size` octets at offset `at`.

    Raises:
        MessageError: the message ends before.
    """
    if at + size > len(message):
        raise MessageError("the answer ends too early")
    return int.from_bytes(message[at : at + size], "big")

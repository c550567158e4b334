"""DNS messages that are almost right: real answers, damaged as an attacker or a defect would damage them.

Noise alone is refused in the first bytes, for its id. So most of these keep the id and the question, and err behind
them: in counts, sizes, pointers and names.
"""

import random
from collections.abc import Callable, Iterator

import dns.message
import dns.rrset
from dns.edns import ECSOption, GenericOption, OptionType

_HEADER = 12
_MAX_SIZE = 5000

Damage = Callable[[random.Random, bytearray], None]


def answers(query: bytes, targets: list[str]) -> list[bytes]:
    """Answers of every shape that a healthy server could give to `query`, with each of `targets`."""
    asked = dns.message.from_wire(query)
    question = asked.question[0]
    shapes = []
    for target in targets:
        message = dns.message.make_response(asked, recursion_available=True)
        message.answer = [dns.rrset.from_text(question.name, 60, "IN", question.rdtype, target)]
        shapes.append(message.to_wire())
        message.authority = [
            dns.rrset.from_text("example.com.", 172_800, "IN", "NS", "ns-1.awsdns-1.com.", "ns.example.com.")
        ]
        message.additional = [dns.rrset.from_text("ns.example.com.", 172_800, "IN", "A", "192.0.2.1")]
        message.use_edns(0, options=[GenericOption(OptionType.COOKIE, b"12345678"), ECSOption("198.18.3.0", 24, 20)])
        message.answer.insert(0, dns.rrset.from_text(question.name, 5, "IN", "TXT", '"note"'))
        shapes.append(message.to_wire())
    return shapes


def damaged(seeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """`count` messages, the same for the same `seed`: one in ten is noise, the rest have up to four damages."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    for _ in range(count):
        message = bytearray(chance.choice(seeds))
        if chance.random() < 0.1:
            yield bytes(message[: chance.randrange(len(message))]) + chance.randbytes(chance.randrange(100))
            continue
        for _ in range(chance.randint(1, 4)):
            chance.choice(_DAMAGES)(chance, message)
        yield bytes(message[:_MAX_SIZE])


def _behind_the_header(chance: random.Random, message: bytearray) -> int:
    return chance.randrange(min(_HEADER, len(message)), len(message) + 1)


def _exchange(chance: random.Random, message: bytearray) -> None:
    if message:
        message[chance.randrange(len(message))] = chance.randrange(256)


def _flip(chance: random.Random, message: bytearray) -> None:
    at = _behind_the_header(chance, message)
    if at < len(message):
        message[at] ^= 1 << chance.randrange(8)


def _point(chance: random.Random, message: bytearray) -> None:
    """A compression pointer, most often to somewhere in the message."""
    at = _behind_the_header(chance, message)
    target = chance.randrange(0x4000 if chance.random() < 0.1 else len(message) + 1)
    message[at : at + chance.choice((0, 2))] = (0xC000 | target).to_bytes(2, "big")


def _announce(chance: random.Random, message: bytearray) -> None:
    """Another number of questions or records."""
    at = chance.choice((4, 6, 8, 10))
    message[at : at + 2] = chance.choice((0, 1, 2, 3, 255, 65535)).to_bytes(2, "big")


def _size(chance: random.Random, message: bytearray) -> None:
    """Another number of 16 bits: a type, a class, the size of data."""
    at = _behind_the_header(chance, message)
    message[at : at + 2] = chance.choice((0, 1, 2, 4, 5, 41, 255, 32767, 65535)).to_bytes(2, "big")


def _label(chance: random.Random, message: bytearray) -> None:
    size = chance.choice((0, 1, 3, 63, 64, 127, 191))
    at = _behind_the_header(chance, message)
    message[at:at] = bytes((size,)) + chance.randbytes(size)


def _repeat(chance: random.Random, message: bytearray) -> None:
    at = _behind_the_header(chance, message)
    part = message[at : at + chance.randrange(1, 60)]
    message[at:at] = part * chance.choice((1, 2, 40))


def _cut(chance: random.Random, message: bytearray) -> None:
    at = _behind_the_header(chance, message)
    del message[at : at + chance.choice((1, 2, 10, 5000))]


def _flags(chance: random.Random, message: bytearray) -> None:
    message[2:4] = chance.choice((b"\x81\x80", b"\x84\x00", b"\x83\x80", b"\x81\x83", b"\x01\x00", chance.randbytes(2)))


_DAMAGES: list[Damage] = [
    _exchange,
    _flip,
    _flip,
    _point,
    _point,
    _announce,
    _size,
    _size,
    _label,
    _repeat,
    _cut,
    _flags,
]

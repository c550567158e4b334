"""A name server on loopback that answers as a test tells it to, over UDP and TCP on one port."""

import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.edns import ECSOption

LOOPBACK = "127.0.0.1"
Behaviour = Callable[[bytes], Iterable[bytes]]
"""What to send back for a query: over UDP datagrams, over TCP pieces of the stream."""


@dataclass
class NameServer:
    """Behaviours may be exchanged while it runs; `asked` counts the queries by transport."""

    address: tuple[str, int]
    udp: Behaviour
    tcp: Behaviour
    asked: dict[str, int] = field(default_factory=lambda: {"udp": 0, "tcp": 0})

    @property
    def port(self) -> int:
        return self.address[1]


def cname(target: str, ttl: int = 60) -> Behaviour:
    def answer(query: bytes) -> list[bytes]:
        message = dns.message.make_response(dns.message.from_wire(query), recursion_available=True)
        message.answer = [dns.rrset.from_text(message.question[0].name, ttl, "IN", "CNAME", target)]
        return [message.to_wire()]

    return answer


def code(text: str) -> Behaviour:
    def answer(query: bytes) -> list[bytes]:
        message = dns.message.make_response(dns.message.from_wire(query), recursion_available=True)
        message.set_rcode(dns.rcode.from_text(text))
        return [message.to_wire()]

    return answer


def truncated(query: bytes) -> list[bytes]:
    return [query[:2] + b"\x83\x80" + query[4:]]


def framed(behaviour: Behaviour) -> Behaviour:
    """The same messages as TCP has them, each behind its length."""
    return lambda query: [struct.pack("!H", len(message)) + message for message in behaviour(query)]


def by_type(**behaviours: Behaviour) -> Behaviour:
    """Another behaviour for each type of record that is asked for; silence for the rest."""

    def answer(query: bytes) -> Iterable[bytes]:
        kind = dns.rdatatype.to_text(dns.message.from_wire(query).question[0].rdtype)
        return behaviours.get(kind, silence)(query)

    return answer


def records(kind: str, *values: str, ttl: int = 172_800) -> Behaviour:
    def answer(query: bytes) -> list[bytes]:
        message = dns.message.make_response(dns.message.from_wire(query), recursion_available=True)
        # One set each: dnspython would write those of a set in any order.
        message.answer = [dns.rrset.from_text(message.question[0].name, ttl, "IN", kind, value) for value in values]
        return [message.to_wire()]

    return answer


def by_label(**behaviours: Behaviour) -> Behaviour:
    """Another behaviour for each first label of the name that is asked for; silence for the rest."""

    def answer(query: bytes) -> Iterable[bytes]:
        label = dns.message.from_wire(query).question[0].name.to_text().partition(".")[0]
        return behaviours.get(label, silence)(query)

    return answer


def by_place(choose: Callable[[str], str], scope: int = 24, ttl: int = 60) -> Behaviour:
    """A zone's own server: it names what `choose` says of the address in a query, and does not recurse."""

    def answer(query: bytes) -> list[bytes]:
        asked = dns.message.from_wire(query)
        [option] = asked.options
        assert isinstance(option, ECSOption)
        assert not asked.flags & dns.flags.RD
        message = dns.message.make_response(asked)
        message.use_edns(0, options=[ECSOption(option.address, option.srclen, scope)])
        message.answer = [
            dns.rrset.from_text(message.question[0].name, ttl, "IN", "CNAME", f"{choose(option.address)}.")
        ]
        return [message.to_wire()]

    return answer


def silence(_query: bytes) -> list[bytes]:
    return []


@contextmanager
def serving(udp: Behaviour, tcp: Behaviour = silence, at: tuple[str, int] = (LOOPBACK, 0)) -> Iterator[NameServer]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        socket.create_server(at) as listener,
    ):
        address = listener.getsockname()
        datagrams.bind(address)
        server = NameServer(address, udp, tcp)
        threads = [
            threading.Thread(target=_serve_udp, args=(server, datagrams), daemon=True),
            threading.Thread(target=_serve_tcp, args=(server, listener), daemon=True),
        ]
        for thread in threads:
            thread.start()
        yield server
        server.udp = server.tcp = silence
        with suppress(OSError):  # of a datagram socket it only ends the wait, and says that it had no peer
            datagrams.shutdown(socket.SHUT_RDWR)
        listener.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def _serve_udp(server: NameServer, datagrams: socket.socket) -> None:
    while True:
        query, asker = datagrams.recvfrom(4096)
        if not query:
            return
        server.asked["udp"] += 1
        with suppress(BrokenPipeError):  # the test is over, and its answer late
            for message in server.udp(query):
                datagrams.sendto(message, asker)


def _serve_tcp(server: NameServer, listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, suppress(OSError):
            query = connection.recv(4096)[2:]
            server.asked["tcp"] += 1
            for piece in server.tcp(query):
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)

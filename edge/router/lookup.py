"""Asks name servers a question, over UDP and where that truncates over TCP, in the time that the caller has left."""

from __future__ import annotations

import time

# What the module socket wraps, and takes ten times as long to import for: a good part of a cold start.
from _socket import AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM, socket
from os import urandom

from message import CNAME, MAX_MESSAGE, MismatchError, Reply, TruncatedError, decode_answer, encode_query
from wire import MessageError

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    Server = tuple[str, int]
    """Address and port."""

_TRIES = 3
# Seconds for which one server is listened to while another may answer: a cold start has no time to import select.
_TURN = 0.005


class LookupFailedError(Exception):
    """No name server gave such a record in the time that a viewer can be made to wait; the text has all reasons."""


class PausedError(LookupFailedError):
    """Nobody was asked, because what was asked before failed a moment ago, and has been told."""


def lookup_cname(name: str, servers: list[Server], seconds: float, subnet: bytes = b"") -> tuple[str, int, int]:
    """The CNAME of `name`, its TTL and its scope, as `lookup` finds them."""
    reply = lookup(name, CNAME, servers, seconds, subnet)
    return reply.values[0], reply.ttl, reply.scope


def lookup(name: str, kind: bytes, servers: list[Server], seconds: float, subnet: bytes = b"") -> Reply:
    """The records of `name` and `kind`, from the first of `servers` that gives any.

    The servers are resolvers, or with `subnet` (see `encode_subnet`) the zone's own. The list is left in the order in
    which to ask next: the one that answered comes first; where none did, the one that was first comes last.

    Raises:
        LookupFailedError: none did within `seconds`.
    """
    deadline = time.monotonic() + seconds
    tries = [servers[number % len(servers)] for number in range(_TRIES)]
    try:
        # The id is random, and so is the port that the system gives a new socket: a forger must guess both.
        inquiry = _Inquiry(encode_query(name, kind, int.from_bytes(urandom(2), "big"), subnet), deadline)
    except MessageError as error:
        raise LookupFailedError(str(error)) from error
    try:
        while tries or inquiry.waiting:
            now = time.monotonic()
            # What an early failure leaves over is for the tries that remain.
            until = now + (deadline - now) / max(len(tries), 1)
            if tries:
                inquiry.ask(tries.pop(0))
            heard = inquiry.hear(until)
            if heard is not None:
                server, reply = heard
                servers.remove(server)
                servers.insert(0, server)
                return reply
            if time.monotonic() >= deadline:
                break
    finally:
        inquiry.close()
    servers.append(servers.pop(0))
    raise LookupFailedError("; ".join(inquiry.failures))


class _Inquiry:
    """One query to several servers: each has until the deadline to answer, however many are asked after it.

    Attributes:
        waiting: the servers that were asked over UDP and have not answered.
        failures: what became of the others.
    """

    def __init__(self, query: bytes, deadline: float) -> None:
        self.waiting: dict[Server, socket] = {}
        self.failures: list[str] = []
        self._query = query
        self._deadline = deadline

    def ask(self, server: Server) -> None:
        """Sends the query; to a server that has not answered over the same socket again, for either may be late."""
        try:
            if server not in self.waiting:
                self.waiting[server] = _socket_for(server, SOCK_DGRAM)
                self.waiting[server].connect(server)  # over UDP, too: the system now drops what others send
            self.waiting[server].send(self._query)
        except OSError as error:
            self._fail(server, error)

    def hear(self, until: float) -> tuple[Server, Reply] | None:
        """The first good answer, and whose it is; None where there is none by `until`, or a server fails before."""
        while self.waiting:
            for server, udp in tuple(self.waiting.items()):
                left = max(until - time.monotonic(), 0)
                udp.settimeout(left if len(self.waiting) == 1 else min(left, _TURN))
                try:
                    reply = self._receive(server, udp)
                except (OSError, MessageError) as error:
                    self._fail(server, error)
                    return None
                if reply is not None:
                    return server, reply
            if time.monotonic() >= until:
                return None
        return None

    def close(self) -> None:
        """Ends it: who has not answered by now has failed."""
        for server in tuple(self.waiting):
            self._fail(server, TimeoutError("timed out"))

    def _receive(self, server: Server, udp: socket) -> Reply | None:
        try:
            return decode_answer(udp.recv(MAX_MESSAGE), self._query)
        except (TimeoutError, BlockingIOError, MismatchError):
            return None
        except TruncatedError:
            # Half of what is left: another server may have to answer after all.
            return _ask_tcp(server, self._query, (time.monotonic() + self._deadline) / 2)

    def _fail(self, server: Server, error: Exception) -> None:
        self.failures.append(f"{server[0]}: {error}")
        udp = self.waiting.pop(server, None)
        if udp is not None:
            udp.close()


def _socket_for(server: Server, kind: int) -> socket:
    return socket(AF_INET6 if ":" in server[0] else AF_INET, kind)


def _ask_tcp(server: Server, query: bytes, deadline: float) -> Reply:
    tcp = _socket_for(server, SOCK_STREAM)
    try:
        tcp.settimeout(_seconds_left(deadline))
        tcp.connect(server)
        tcp.sendall(len(query).to_bytes(2, "big") + query)
        size = int.from_bytes(_receive(tcp, 2, deadline), "big")
        if size > MAX_MESSAGE:
            raise MessageError(f"the answer has {size} bytes, more than {MAX_MESSAGE}")
        return decode_answer(_receive(tcp, size, deadline), query)
    finally:
        tcp.close()


def _receive(tcp: socket, size: int, deadline: float) -> bytes:
    received = b""
    while len(received) < size:
        tcp.settimeout(_seconds_left(deadline))
        part = tcp.recv(size - len(received))
        if not part:
            raise MessageError("the connection was closed before the answer was whole")
        received += part
    return received


def _seconds_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left

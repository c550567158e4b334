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
    from collections.abc import Callable

_TRIES = 3


class LookupFailedError(Exception):
    """No name server gave such a record in the time that a viewer can be made to wait; the text has all reasons."""


class PausedError(LookupFailedError):
    """Nobody was asked, because what was asked before failed a moment ago, and has been told."""


def lookup_cname(
    name: str, servers: list[tuple[str, int]], seconds: float, subnet: bytes = b""
) -> tuple[str, int, int]:
    """The CNAME of `name`, its TTL and its scope, as `lookup` finds them."""
    reply = lookup(name, CNAME, servers, seconds, subnet)
    return reply.values[0], reply.ttl, reply.scope


def lookup(name: str, kind: bytes, servers: list[tuple[str, int]], seconds: float, subnet: bytes = b"") -> Reply:
    """The records of `name` and `kind`, from the first of `servers` (address, port) that gives any.

    The servers are resolvers, or with `subnet` (see `encode_subnet`) the zone's own.

    Raises:
        LookupFailedError: none did within `seconds`.
    """
    deadline = time.monotonic() + seconds
    reasons = []
    for attempt in range(_TRIES):
        server = servers[attempt % len(servers)]
        now = time.monotonic()
        try:
            # What an early failure leaves over is for the tries that remain.
            return _ask(name, kind, server, now + (deadline - now) / (_TRIES - attempt), subnet)
        except (OSError, MessageError) as error:
            reasons.append(f"{server[0]}: {error}")
    raise LookupFailedError("; ".join(reasons))


def _ask(name: str, kind: bytes, server: tuple[str, int], deadline: float, subnet: bytes) -> Reply:
    # The id is random, and so is the port that the system gives a new socket: a forger must guess both.
    query = encode_query(name, kind, int.from_bytes(urandom(2), "big"), subnet)
    try:
        return _exchange(_ask_udp, SOCK_DGRAM, query, server, deadline)
    except TruncatedError:
        return _exchange(_ask_tcp, SOCK_STREAM, query, server, deadline)


def _exchange(
    ask: Callable[[socket, bytes, float], Reply], kind: int, query: bytes, server: tuple[str, int], deadline: float
) -> Reply:
    connection = socket(AF_INET6 if ":" in server[0] else AF_INET, kind)
    try:
        connection.settimeout(_seconds_left(deadline))
        connection.connect(server)  # over UDP, too: the system now drops what others send
        return ask(connection, query, deadline)
    finally:
        connection.close()


def _ask_udp(udp: socket, query: bytes, deadline: float) -> Reply:
    udp.send(query)
    while True:
        udp.settimeout(_seconds_left(deadline))
        try:
            return decode_answer(udp.recv(MAX_MESSAGE), query)
        except MismatchError:
            continue


def _ask_tcp(tcp: socket, query: bytes, deadline: float) -> Reply:
    tcp.sendall(len(query).to_bytes(2, "big") + query)
    size = int.from_bytes(_receive(tcp, 2, deadline), "big")
    if size > MAX_MESSAGE:
        raise MessageError(f"the answer has {size} bytes, more than {MAX_MESSAGE}")
    return decode_answer(_receive(tcp, size, deadline), query)


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

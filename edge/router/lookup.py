"""Asks name servers for a CNAME, over UDP and where that truncates over TCP, in less than a second in all."""

import os
import socket
import time

from message import MAX_MESSAGE, MessageError, MismatchError, TruncatedError, decode_answer, encode_query

_TRIES = 3
_TRY_SECONDS = 0.3  # a try includes its TCP part; all tries together stay under a second


class LookupFailedError(Exception):
    """No name server gave a CNAME in the time that a viewer can be made to wait; the text has all reasons."""


def lookup_cname(name: str, servers: list[tuple[str, int]]) -> tuple[str, int]:
    """The CNAME of `name` and its TTL in seconds, from the first of `servers` (address, port) that gives one.

    Raises:
        LookupFailedError: none did.
    """
    reasons = []
    for attempt in range(_TRIES):
        server = servers[attempt % len(servers)]
        try:
            return _ask(name, server)
        except (OSError, MessageError) as error:
            reasons.append(f"{server[0]}: {error}")
    raise LookupFailedError("; ".join(reasons))


def _ask(name: str, server: tuple[str, int]) -> tuple[str, int]:
    deadline = time.monotonic() + _TRY_SECONDS
    # The id is random, and so is the port that the system gives a new socket: a forger must guess both.
    query = encode_query(name, int.from_bytes(os.urandom(2), "big"))
    try:
        return _ask_udp(query, server, deadline)
    except TruncatedError:
        return _ask_tcp(query, server, deadline)


def _ask_udp(query: bytes, server: tuple[str, int], deadline: float) -> tuple[str, int]:
    with socket.socket(_family(server), socket.SOCK_DGRAM) as udp:
        udp.connect(server)  # the system now drops what others send
        udp.send(query)
        while True:
            udp.settimeout(_seconds_left(deadline))
            try:
                return decode_answer(udp.recv(MAX_MESSAGE), query)
            except MismatchError:
                continue


def _ask_tcp(query: bytes, server: tuple[str, int], deadline: float) -> tuple[str, int]:
    with socket.socket(_family(server), socket.SOCK_STREAM) as tcp:
        tcp.settimeout(_seconds_left(deadline))
        tcp.connect(server)
        tcp.sendall(len(query).to_bytes(2, "big") + query)
        size = int.from_bytes(_receive(tcp, 2, deadline), "big")
        if size > MAX_MESSAGE:
            raise MessageError(f"the answer has {size} bytes, more than {MAX_MESSAGE}")
        return decode_answer(_receive(tcp, size, deadline), query)


def _receive(tcp: socket.socket, size: int, deadline: float) -> bytes:
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


def _family(server: tuple[str, int]) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in server[0] else socket.AF_INET

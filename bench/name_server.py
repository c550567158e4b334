"""A name server on loopback that names one region, and counts how often it is asked."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.ports import LOOPBACK

_HEADER = 12
_ANSWER = b"\xc0\x0c\x00\x05\x00\x01"  # the name that was asked, CNAME, IN
_RESPONSE_FLAGS = b"\x81\x80"
_COUNTS = b"\x00\x01\x00\x01\x00\x00\x00\x00"  # one question, one answer
_STOP = b""


class NameServer:
    """Answers every query with a CNAME to `key` that holds for `ttl` seconds."""

    def __init__(self, key: str, ttl: int) -> None:
        self.asked = 0
        target = bytes((len(key),)) + key.encode() + b"\x00"
        self._record = _ANSWER + ttl.to_bytes(4, "big") + len(target).to_bytes(2, "big") + target
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> str:
        """Address and port, as resolvers are told them."""
        return "{}:{}".format(*self._socket.getsockname())

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.sendto(_STOP, self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while query := self._receive():
            message, asker = query
            self.asked += 1
            end = message.index(b"\x00", _HEADER) + 5  # behind the root label come type and class
            question = message[_HEADER:end]
            self._socket.sendto(message[:2] + _RESPONSE_FLAGS + _COUNTS + question + self._record, asker)

    def _receive(self) -> tuple[bytes, tuple[str, int]] | None:
        message, asker = self._socket.recvfrom(4096)
        return (message, asker) if message != _STOP else None


@contextmanager
def name_server(key: str, ttl: int) -> Iterator[NameServer]:
    server = NameServer(key, ttl)
    server.start()
    try:
        yield server
    finally:
        server.stop()

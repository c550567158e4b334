import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.resolver
import pytest

from ops.reach import Reach, UnreachableError
from sandbox.ports import LOOPBACK


@contextmanager
def listening(then: Callable[[socket.socket], None]) -> Iterator[int]:
    """A listener that does this with the first connection; its port."""
    with socket.create_server((LOOPBACK, 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                then(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def why(port: int, seconds: float = 30) -> str:
    resolver = dns.resolver.Resolver(configure=False)
    reach = Reach(lambda _: (LOOPBACK, port), ssl.create_default_context(), resolver, lambda _: resolver)
    with pytest.raises(UnreachableError) as raised:
        reach.send("GET", "https://ireland.example.com/", seconds=seconds)
    assert str(raised.value) == f"ireland.example.com: {raised.value.why}"
    return raised.value.why


def test_who_refuses_the_connection_is_told():
    assert why(1) == "no connection"


def test_who_does_not_answer_in_time_is_told():
    over = threading.Event()

    def wait(_: socket.socket) -> None:
        over.wait(60)

    with listening(wait) as port:
        assert why(port, 0.2) == "no answer within 0.2 s"
        over.set()


def test_who_hangs_up_is_told():
    with listening(lambda _: None) as port:
        assert why(port) == "the connection ended without an answer"

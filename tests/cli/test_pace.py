import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cli import pace
from cli.errors import CommandError
from sandbox.folder import Daemon
from sandbox.ports import LOOPBACK


@contextmanager
def sandbox(status: int, body: bytes) -> Iterator[Daemon]:
    """One whose gateway gives this answer."""

    class Gateway(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/_sandbox/time" else 500)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer((LOOPBACK, 0), Gateway) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield Daemon(0, server.server_address[1], "ca.pem", [])
        thread.join()


def test_on_aws_time_passes_as_here():
    assert pace.of(None).scale == 1


def test_the_sandbox_says_how_fast_its_time_passes():
    with sandbox(200, b'{"scale": 30.0}') as daemon:
        assert pace.of(daemon).scale == 30


def test_one_that_knows_no_scale_has_everybodys_time():
    with sandbox(404, b"") as daemon:
        assert pace.of(daemon).scale == 1


@pytest.mark.parametrize(("status", "body"), [(200, b"{}"), (200, b"no"), (500, b"")])
def test_one_that_does_not_say_is_not_guessed_at(status: int, body: bytes):
    with sandbox(status, body) as daemon, pytest.raises(CommandError, match="/_sandbox/time"):
        pace.of(daemon)

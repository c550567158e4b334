import asyncio
import socket
from pathlib import Path

import pytest

from sandbox.health import probe as module
from sandbox.health.check import Endpoint
from sandbox.health.probe import FailureError, probe
from sandbox.ports import LOOPBACK
from tests.sandbox.health.endpoints import HOST, OK, SICK, served

TARGET = Endpoint(HOST, path="/drain/sydney?x=1")


async def outcome(find: module.Find, endpoint: Endpoint = TARGET) -> str:
    """What an endpoint answered that passed, or the failure's text after a minus."""
    try:
        return await probe(endpoint, "check-1", find)
    except FailureError as error:
        return f"- {error}"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (OK, "HTTP Status Code 200, OK"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "HTTP Status Code 204, No Content"),
        (b"HTTP/1.0 399\r\n\r\n", "HTTP Status Code 399, Unknown"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", "HTTP Status Code 302, Found"),
        (SICK, "- HTTP Status Code 503, Service Unavailable"),
        (b"HTTP/1.1 404 \r\n\r\n", "- HTTP Status Code 404, Not Found"),
        (b"SSH-2.0-OpenSSH\r\n", "- The answer is no HTTP response"),
        (b"", "- The connection ended before an answer"),
        (b"HTTP/1.1 20", "- The connection ended before an answer"),
    ],
)
def test_a_status_of_2xx_or_3xx_passes_under_whatever_certificate(tmp_path: Path, answer: bytes, expected: str):
    async def story() -> None:
        async with served(tmp_path) as endpoint:
            endpoint.answer = answer
            assert (await outcome(endpoint.find)).startswith(expected)

    asyncio.run(story())


def test_a_checker_says_who_it_is_and_what_it_asks_for(tmp_path: Path):
    async def story() -> None:
        async with served(tmp_path) as endpoint:
            await outcome(endpoint.find)
            await outcome(endpoint.find, Endpoint(HOST, port=8443))
            [first, second] = endpoint.requests
        assert first.startswith("GET /drain/sydney?x=1 HTTP/1.1\r\n")
        assert f"\r\nHost: {HOST}\r\n" in first
        assert "Amazon-Route53-Health-Check-Service (ref check-1;" in first
        assert f"\r\nHost: {HOST}:8443\r\n" in second

    asyncio.run(story())


def test_who_is_not_there_or_does_not_answer_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 0.2)

    async def nowhere(_: str) -> int | None:
        return None

    async def story() -> None:
        with socket.create_server((LOOPBACK, 0)) as vacant:
            port = vacant.getsockname()[1]

        async def closed(_: str) -> int:
            return int(port)

        assert (await outcome(nowhere)).startswith("- DNS resolution failed")
        assert await outcome(closed) == "- Connection refused"
        async with served(tmp_path) as endpoint:
            endpoint.answer = None
            assert (await outcome(endpoint.find)).startswith("- Connection timed out")
        with socket.create_server((LOOPBACK, 0)) as silent:

            async def open_only(_: str) -> int:
                return int(silent.getsockname()[1])

            assert (await outcome(open_only)).startswith("- Connection timed out")

    asyncio.run(story())


def test_a_request_that_is_given_up_at_whatever_moment_is_in_no_later_ones_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def story() -> None:
        async with served(tmp_path) as endpoint:
            for moment in range(50):
                monkeypatch.setattr(module, "_ANSWER_SECONDS", moment * 0.00016)
                told = await asyncio.gather(*(outcome(endpoint.find) for _ in range(3)))
                assert all(each.startswith(("- Connection timed out", "HTTP Status Code 200")) for each in told)

    asyncio.run(story())


def test_who_speaks_no_tls_fails():
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(OK)
        writer.close()

    async def story() -> None:
        server = await asyncio.start_server(plain, LOOPBACK, 0)

        async def find(_: str) -> int:
            return int(server.sockets[0].getsockname()[1])

        assert await outcome(find) == "- SSL alert handshake_failure"
        server.close()

    asyncio.run(story())

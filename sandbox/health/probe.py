"""One request of a health checker over HTTPS: what came of it, in Route 53's words."""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from sandbox.health.check import Endpoint
from sandbox.ports import LOOPBACK

# "How Amazon Route 53 determines whether a health check is healthy": seconds for the TCP connection, and from then on.
_CONNECT_SECONDS = 4.0
_ANSWER_SECONDS = 2.0
_STATUS = re.compile(rb"HTTP/1\.[01] (?P<code>\d{3})(?: (?P<reason>[^\r\n]*))?\r?\n")
_PASSING = range(200, 400)
_TIMED_OUT = (
    "Connection timed out. The endpoint or the internet connection is down, or requests are being blocked by your "
    "firewall. See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html"
)

# Leads a host name to the loopback port of who answers for it, None for nobody.
Find = Callable[[str], Awaitable[int | None]]


class FailureError(Exception):
    """The endpoint did not pass; the text says why."""


async def probe(endpoint: Endpoint, check_id: str, find: Find) -> str:
    """What an endpoint that passes answered; redirects are not followed, and no certificate is validated.

    Raises:
        FailureError: it does not pass.
    """
    connection = await _connected(endpoint, find)
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            line = await _asked(connection, endpoint, check_id)
    except TimeoutError:
        raise FailureError(_TIMED_OUT) from None
    except ssl.SSLError:
        raise FailureError("SSL alert handshake_failure") from None
    except (OSError, EOFError) as error:
        raise FailureError(f"The connection ended before an answer: {error or type(error).__name__}") from None
    found = _STATUS.fullmatch(line)
    if found is None:
        raise FailureError("The answer is no HTTP response")
    code = int(found["code"])
    text = f"HTTP Status Code {code}, {(found['reason'] or b'').decode('latin-1') or _phrase(code)}"
    if code not in _PASSING:
        raise FailureError(text)
    return text


async def _connected(endpoint: Endpoint, find: Find) -> socket.socket:
    port = await find(endpoint.host)
    if port is None:
        raise FailureError("DNS resolution failed: Rcode NXDomain(3)")
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connection.setblocking(False)  # noqa: FBT003 - the socket module's own signature
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            await asyncio.get_running_loop().sock_connect(connection, (LOOPBACK, port))
    except BaseException as error:
        connection.close()
        if isinstance(error, TimeoutError):
            raise FailureError(_TIMED_OUT) from None
        if isinstance(error, OSError):
            raise FailureError("Connection refused") from None
        raise
    return connection


async def _asked(connection: socket.socket, endpoint: Endpoint, check_id: str) -> bytes:
    """The first line of the answer; the connection ends by itself, whatever comes of it."""
    reader, writer = await asyncio.open_connection(
        sock=connection, ssl=_TLS, server_hostname=endpoint.host if endpoint.sni else ""
    )
    try:
        host = endpoint.host if endpoint.port == 443 else f"{endpoint.host}:{endpoint.port}"  # noqa: PLR2004 - HTTPS's
        agent = f"Amazon-Route53-Health-Check-Service (ref {check_id}; report http://amzn.to/1vsZADi)"
        head = f"GET {endpoint.path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        return await reader.readuntil(b"\n")
    finally:
        writer.transport.abort()


def _phrase(code: int) -> str:
    return HTTPStatus(code).phrase if code in set(HTTPStatus) else "Unknown"


def _unvalidating() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


_TLS = _unvalidating()

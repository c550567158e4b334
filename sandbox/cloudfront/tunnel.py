"""WebSocket connections through an edge location ("Use WebSockets with CloudFront distributions" in the CloudFront
Developer Guide): the handshake is a request like any other; once the origin agrees, bytes pass both ways unread.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.http import HttpVersion11, StreamWriter

SWITCHING = 101
# What the handshake says beside the Sec-WebSocket headers, anew on each connection (RFC 6455, "Opening Handshake").
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket"}

# "Quotas on WebSocket connections": closed after so long without a byte from the origin to the client.
IDLE_SECONDS = 600.0
_PIECE = 65_536


def is_asked_for(request: web.BaseRequest) -> bool:
    """The request is a WebSocket handshake; any other upgrade is left out, and the request served as HTTP."""
    options = [option.strip().lower() for option in request.headers.get("Connection", "").split(",")]
    return (
        request.method == "GET"
        and request.version >= HttpVersion11
        and request.headers.get("Upgrade", "").lower() == "websocket"
        and "upgrade" in options
    )


async def tunnel(
    viewer: web.BaseRequest, origin: aiohttp.ClientResponse, response: web.StreamResponse
) -> web.StreamResponse:
    """Sends the viewer `response`, then carries bytes until either end closes, which closes the other."""
    connection = origin.connection
    # aiohttp types both protocols for its own frame reader alone, but asks of it only what _Incoming has.
    to_viewer: Any = viewer.protocol
    to_origin: Any = connection.protocol if connection else None
    response.force_close()  # nothing can follow on this connection
    await response.prepare(viewer)
    if to_viewer.transport is None or to_origin is None or to_origin.transport is None:
        return response  # one of them has gone already
    from_viewer, from_origin = _Incoming(to_viewer.transport), _Incoming(to_origin.transport)
    to_origin.read_timeout = None  # it was for the handshake
    to_origin.set_parser(from_origin, None)
    to_viewer.set_parser(from_viewer)
    sender = StreamWriter(to_origin, asyncio.get_running_loop())
    await asyncio.gather(
        _carry(from_viewer.bytes, sender.write, to_origin.transport.close),
        _carry(from_origin.bytes, response.write, to_viewer.transport.close, IDLE_SECONDS),
    )
    return response


class _Incoming:
    """Takes what comes in after the handshake from aiohttp, with flow control."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.bytes = asyncio.StreamReader(limit=_PIECE)
        self.bytes.set_transport(transport)

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.bytes.feed_data(data)
        return False, b""

    def feed_eof(self) -> None:
        self.bytes.feed_eof()


async def _carry(
    source: asyncio.StreamReader,
    send: Callable[[bytes], Awaitable[None]],
    close: Callable[[], None],
    idle_seconds: float | None = None,
) -> None:
    try:
        while True:
            async with asyncio.timeout(idle_seconds):
                piece = await source.read(_PIECE)
            if not piece:
                break
            await send(piece)
    except (ConnectionError, TimeoutError):
        pass  # gone or idle: either way it ends here
    finally:
        close()

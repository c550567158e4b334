"""A TLS server on loopback that chooses its certificate by what AWS holds at the moment of the handshake."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from enum import Enum
from http import HTTPStatus
from logging import getLogger

from aiohttp import web

from sandbox.ports import LOOPBACK
from sandbox.server_log import server_log

_log = getLogger(__name__)
_HANDSHAKE_SECONDS = 10.0
_LONGEST_CLIENT_HELLO = 16_384 + 5  # one TLS record
_STOP_SECONDS = 2.0
_BREATH_SECONDS = 0.1

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
ContextFor = Callable[[str], Awaitable[ssl.SSLContext | None]]


class Availability(Enum):
    """How a listener is to its clients."""

    SERVING = "serving"
    REFUSING = "refusing"  # nobody listens, and what was open has ended
    HANGING = "hanging"  # connections are open, and nothing comes of them


class TlsListener:
    """Serves `handler` over HTTP/1.1 on `port`.

    `context_for` gets the server name that the client asks for; None refuses the handshake, as a name that AWS
    does not know is refused. It may read from AWS, which Python's own SNI callback could not wait for: so the
    client's hello is looked at first, left in the socket, and then read again by the real handshake.
    """

    def __init__(self, port: int, context_for: ContextFor, handler: Handler) -> None:
        self._port = port
        self._context_for = context_for
        self._handler = handler
        self._server = web.Server(self._serve, access_log=None, auto_decompress=False, logger=server_log)
        self._availability = Availability.SERVING
        self._listening: tuple[socket.socket, asyncio.Task[None]] | None = None
        self._handshakes: dict[asyncio.Task[None], socket.socket] = {}
        self._held: list[socket.socket] = []  # silent connections

    async def start(self) -> None:
        self._listen()

    async def stop(self) -> None:
        await self._end_listening()
        await self._end_handshakes()
        self._let_go()
        self._server.pre_shutdown()  # idle connections go at once
        await self._server.shutdown(_STOP_SECONDS)

    async def turn(self, availability: Availability) -> None:
        """Changes how the listener is to its clients, those that are connected too.

        Who is connected loses the connection, or, where it is to hang, keeps one on which nothing comes and nothing is
        read; it ends when the listener turns again.

        Raises:
            OSError: another program has taken the port meanwhile.
        """
        if availability is self._availability:
            return
        self._availability = availability
        self._let_go()
        if availability is Availability.REFUSING:
            await self._end_listening()
        elif self._listening is None:
            self._listen()
        if availability is not Availability.SERVING:
            hangs = availability is Availability.HANGING
            if hangs:
                self._held += [connection.dup() for connection in self._handshakes.values()]
            await self._end_handshakes()
            for protocol in self._server.connections:
                if protocol.transport is not None and not protocol.transport.is_closing():
                    if hangs:  # as long as one descriptor of it is open, a connection is, for its client
                        self._held.append(protocol.transport.get_extra_info("socket").dup())
                    protocol.transport.abort()

    def _listen(self) -> None:
        listener = socket.create_server((LOOPBACK, self._port), backlog=512)
        listener.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self._listening = listener, asyncio.ensure_future(self._accept(listener))

    async def _end_listening(self) -> None:
        if self._listening is not None:
            listener, accepting = self._listening
            self._listening = None
            accepting.cancel()
            await asyncio.gather(accepting, return_exceptions=True)
            listener.close()

    async def _end_handshakes(self) -> None:
        handshakes = list(self._handshakes)
        for task in handshakes:
            task.cancel()
        await asyncio.gather(*handshakes, return_exceptions=True)

    def _let_go(self) -> None:
        for connection in self._held:
            connection.close()
        self._held.clear()

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listener)
            except OSError:  # such as no file descriptor left, which the next closed connection cures
                _log.exception("no connection can be taken on port %s", self._port)
                await asyncio.sleep(_BREATH_SECONDS)
                continue
            if self._availability is Availability.HANGING:
                self._held.append(connection)
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            handshake = asyncio.ensure_future(self._handshake(connection))
            self._handshakes[handshake] = connection
            handshake.add_done_callback(self._handshakes.pop)

    async def _handshake(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        taken = False
        try:
            async with asyncio.timeout(_HANDSHAKE_SECONDS):
                if await _first_byte(connection) != _HANDSHAKE_RECORD:
                    await _refuse_plain_http(connection)
                    return
                context = await self._context_for(await _server_name(connection))
                if context is None:
                    await loop.sock_sendall(connection, _UNRECOGNIZED_NAME)
                else:
                    taken = True  # asyncio ends what it has been given, whatever comes of it
                    await loop.connect_accepted_socket(self._server, connection, ssl=context)
        except (OSError, TimeoutError):
            pass  # the client went away, or does not speak TLS that we accept
        except Exception:  # noqa: BLE001 - whatever AWS's answer was, the next connection must be served
            _log.exception("no certificate for a connection to port %s", self._port)
        finally:
            if not taken:
                connection.close()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            "".join(request.headers.values()).encode()
        except UnicodeEncodeError:  # functions get headers as JSON, which cannot hold such bytes
            return web.Response(status=HTTPStatus.BAD_REQUEST, text="A header of the request is not UTF-8.\n")
        return await self._handler(request)


_HANDSHAKE_RECORD = b"\x16"  # RFC 8446, "Record Layer"
_PLAIN_HTTP = b"<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>\n"
_UNRECOGNIZED_NAME = bytes([21, 3, 3, 0, 2, 2, 112])  # alert record, fatal, unrecognized_name (RFC 6066)


async def _first_byte(connection: socket.socket) -> bytes:
    await _readable(connection)
    first = connection.recv(1, socket.MSG_PEEK)
    if not first:
        raise ConnectionResetError
    return first


async def _refuse_plain_http(connection: socket.socket) -> None:
    """Answers as CloudFront does, and reads the rest: closing on unread bytes would take the answer back."""
    loop = asyncio.get_running_loop()
    head = f"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: {len(_PLAIN_HTTP)}\r\n"
    await loop.sock_sendall(connection, f"{head}Connection: close\r\n\r\n".encode() + _PLAIN_HTTP)
    connection.shutdown(socket.SHUT_WR)
    while await loop.sock_recv(connection, _LONGEST_CLIENT_HELLO):
        pass


async def _server_name(connection: socket.socket) -> str:
    """The name in the client's hello, lower-case; "" where it gives none. Leaves the hello in the socket."""
    seen = 0
    while True:
        await _readable(connection)
        hello = connection.recv(_LONGEST_CLIENT_HELLO, socket.MSG_PEEK)
        if len(hello) == seen:
            if not hello:
                raise ConnectionResetError
            await asyncio.sleep(0.005)  # the rest is on its way: what is peeked at stays readable meanwhile
            continue
        seen = len(hello)
        name = server_name(hello)
        if name is not None:
            return name


def server_name(hello: bytes) -> str | None:
    """The server name that the TLS client hello asks for, "" for none; None while the hello is incomplete.

    Raises:
        ssl.SSLError: the bytes are no client hello.
    """
    found: list[str] = []

    def note(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> int:
        found.append((name or "").lower())
        return int(ssl.AlertDescription.ALERT_DESCRIPTION_USER_CANCELLED)  # ends the trial handshake at once

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = note  # type: ignore[assignment,unused-ignore]  # typeshed wants None as the result
    incoming = ssl.MemoryBIO()
    incoming.write(hello)
    trial = context.wrap_bio(incoming, ssl.MemoryBIO(), server_side=True)
    try:
        trial.do_handshake()
    except ssl.SSLWantReadError:
        return None
    except ssl.SSLError:
        if not found:
            raise
    return found[0]


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def note() -> None:
        loop.remove_reader(connection)
        ready.set_result(None)

    loop.add_reader(connection, note)
    try:
        await ready
    finally:
        loop.remove_reader(connection)

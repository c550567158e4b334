"""AppSync's real-time protocol: subscriptions over a WebSocket of the subprotocol `graphql-ws`.

Source: "Building a real-time WebSocket client in AWS AppSync", and the quotas in "AWS AppSync endpoints and quotas".
`connection_init` is optional there: a client may begin with `start`.

When a mutation ends a subscription, "the client receives a message confirming that they are unsubscribed" with the
text "Subscription complete.", and "the WebSocket connection is closed" ("Unsubscribing WebSocket connections using
filters in AWS AppSync"). That the message is of the type `complete` follows from aws-amplify/amplify-js#9898. Where in
it the text is, and the code of the closure, are guesses; Amplify looks at neither.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from logging import getLogger
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.appsync import handshake, subscriptions
from sandbox.appsync.errors import RefusedError
from sandbox.appsync.graphql_http import parse
from sandbox.appsync.plan import RefusedSubscriptionError, refused
from sandbox.appsync.request import Request
from sandbox.appsync.subscriptions import Deliver, End, Subscription

LARGEST_MESSAGE = 240 * 1024  # bytes: subscription payload size
_log = getLogger(__name__)
_CONNECTION_TIMEOUT_MS = 300_000
_KEEP_ALIVE_SECONDS = 60.0
_CLOSE_SECONDS = 2.0
_MOST_SUBSCRIPTIONS = 100  # subscriptions per connection
_MOST_WAITING = 4 * 1024 * 1024  # characters that a client has yet to read

Start = Callable[[Request, Deliver, End], Awaitable[Subscription]]


class Connection:
    """One client, whose WebSocket is open.

    `start` authorizes and registers a subscription, and raises `RefusedError` or `RefusedSubscriptionError`; `end` is
    called with each one that started.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        domain_name: str | None,
        start: Start,
        end: Callable[[Subscription], None],
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._domain_name = domain_name
        self._start = start
        self._end = end
        self._subscriptions: dict[str, Subscription] = {}
        self._starting: dict[str, asyncio.Task[None]] = {}
        self._unsent: asyncio.Queue[str | None] = asyncio.Queue()  # None closes the connection
        self._waiting = 0

    async def run(self) -> None:
        """Serves the client until the connection ends."""
        background = [asyncio.ensure_future(self._write()), asyncio.ensure_future(self._keep_alive())]
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
                elif message.type is WSMsgType.BINARY:
                    self._unsupported()
        finally:
            for task in (*background, *self._starting.values()):
                task.cancel()
            for subscription in self._subscriptions.values():
                self._end(subscription)
            self._subscriptions.clear()

    async def close(self, code: WSCloseCode = WSCloseCode.GOING_AWAY) -> None:
        """Ends the connection, whether or not the client reads that."""
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._socket.close(code=code)
        except TimeoutError:
            self._abort()

    def _take(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        match message:
            case {"type": "connection_init"}:
                self._send({"type": "connection_ack", "payload": {"connectionTimeoutMs": _CONNECTION_TIMEOUT_MS}})
                self._send({"type": "ka"})
            case {
                "type": "start",
                "id": str(id_),
                "payload": {"data": str(data), "extensions": {"authorization": dict(authorization)}},
            } if id_:
                self._take_start(id_, data, authorization)
            case {"type": "stop", "id": str(id_)}:
                self._take_stop(id_)
            case _:
                self._unsupported()

    def _take_start(self, id_: str, data: str, authorization: dict[str, Any]) -> None:
        if id_ in self._starting or id_ in self._subscriptions:
            self._refuse(id_, refused("DuplicatedOperationError", f"The id {id_} is in use."))
        elif len(self._starting) + len(self._subscriptions) >= _MOST_SUBSCRIPTIONS:
            message = f"Max number of {_MOST_SUBSCRIPTIONS} subscriptions reached"
            self._refuse(id_, refused("MaxSubscriptionsReachedError", message))
        else:
            task = asyncio.ensure_future(self._begin(id_, data, authorization))
            self._starting[id_] = task

    async def _begin(self, id_: str, data: str, authorization: dict[str, Any]) -> None:
        prefix = f'{{"id":{json.dumps(id_)},"type":"data","payload":'

        def deliver(payload: str) -> None:
            self._deliver(f"{prefix}{payload}}}")

        def end() -> None:
            self._invalidate(id_)

        try:
            headers = handshake.normalized(authorization)
            request = parse(data.encode(), headers=headers, domain_name=self._domain_name, path="/graphql")
            self._subscriptions[id_] = await self._start(request, deliver, end)
            self._send({"id": id_, "type": "start_ack"})
        except RefusedSubscriptionError as error:
            self._refuse(id_, error)
        except RefusedError as error:
            self._refuse(id_, refused(error.type, str(error)))
        except Exception:  # noqa: BLE001 - whatever it was, the client must not wait for ever
            _log.exception("a subscription could not be started")
            self._refuse(id_, refused("InternalFailure", "The subscription could not be started."))
        finally:
            if self._starting.get(id_) is asyncio.current_task():  # not stopped, and the id given to another
                del self._starting[id_]

    def _take_stop(self, id_: str) -> None:
        starting, subscription = self._starting.pop(id_, None), self._subscriptions.pop(id_, None)
        if starting is not None:
            starting.cancel()
        elif subscription is not None:
            self._end(subscription)
        else:
            self._refuse(id_, refused("UnknownOperationError", f"Unknown operation id {id_}"))
            return
        self._send({"id": id_, "type": "complete"})

    def _invalidate(self, id_: str) -> None:
        subscription = self._subscriptions.pop(id_, None)
        if subscription is not None:
            self._end(subscription)
        self._send({"id": id_, "type": "complete", "payload": {"message": "Subscription complete."}})
        self._unsent.put_nowait(None)

    def _unsupported(self) -> None:
        error = refused("UnsupportedOperation", "unknown not supported through the realtime channel")
        self._send({"type": "error", "payload": {"errors": error.errors}})

    def _refuse(self, id_: str, error: RefusedSubscriptionError) -> None:
        self._send({"id": id_, "type": "error", "payload": {"errors": error.errors}})

    def _deliver(self, text: str) -> None:
        size = len(text.encode())
        if size > LARGEST_MESSAGE:
            # AppSync tells nobody either, which is why it is said here.
            _log.warning("a message of %s bytes is not delivered: AppSync's limit is %s", size, LARGEST_MESSAGE)
        else:
            self._enqueue(text)

    def _send(self, message: dict[str, Any]) -> None:
        self._enqueue(subscriptions.as_json(message))

    def _enqueue(self, text: str) -> None:
        """Never waits for the client: one that reads too slowly loses its connection, and nobody else anything."""
        self._waiting += len(text)
        if self._waiting <= _MOST_WAITING:
            self._unsent.put_nowait(text)
        else:
            self._abort()

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def _write(self) -> None:
        while True:
            text = await self._unsent.get()
            if text is None:
                await self.close(WSCloseCode.OK)
                return
            try:
                await self._socket.send_str(text)
            except ConnectionError:
                return  # the reader learns of it too
            self._waiting -= len(text)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(_KEEP_ALIVE_SECONDS)
            self._send({"type": "ka"})

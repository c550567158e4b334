"""The real-time endpoints: who is let in, and which connections there are."""

import asyncio
from logging import getLogger

from aiohttp import web
from botocore.exceptions import BotoCoreError, ClientError

from sandbox.appsync import api as apis
from sandbox.appsync import handshake
from sandbox.appsync.api import Api
from sandbox.appsync.authorization import Authorization
from sandbox.appsync.connection import LARGEST_MESSAGE, Connection
from sandbox.appsync.errors import RefusedError
from sandbox.appsync.plan import plan
from sandbox.appsync.request import Request
from sandbox.appsync.subscriptions import Deliver, End, Key, Registry, Subscription
from sandbox.cloudwatch.api_metrics import ApiMetrics
from sandbox.control_plane import ControlPlane

_log = getLogger(__name__)
_CLOSE_SECONDS = 1.0
# What the signature of a client covers when it connects ("IAM" among the formats of the header).
_CONNECT_PATH, _CONNECT_BODY = "/graphql/connect", b"{}"


class Realtime:
    """The real-time endpoints of all regions."""

    def __init__(
        self, control_plane: ControlPlane, authorization: Authorization, registry: Registry, metrics: ApiMetrics
    ) -> None:
        self._control_plane = control_plane
        self._metrics = metrics
        self._authorization = authorization
        self._registry = registry
        self._connections: dict[Key, set[Connection]] = {}
        self._checks: set[asyncio.Task[None]] = set()
        control_plane.watch("appsync", self._changed)

    async def serve(self, request: web.BaseRequest, api: Api, domain_name: str | None) -> web.StreamResponse:
        """Takes the client in, and serves it until one of both ends it.

        Raises:
            RefusedError: it is not taken in.
        """
        key = (api.region, api.id)
        with self._metrics.refusals(key, "ConnectClientError"):
            socket = await self._take_in(request, api, domain_name)

        async def start(request: Request, deliver: Deliver, end: End) -> Subscription:
            with self._metrics.refusals(key, "SubscribeClientError"):
                return await self._start(key, request, deliver, end)

        connection = Connection(socket, request.transport, domain_name, start, self._registry.remove)
        of_api = self._connections.setdefault(key, set())
        of_api.add(connection)
        try:
            with self._metrics.connection(key):
                await connection.run()
        finally:
            of_api.discard(connection)
            if not of_api:
                self._connections.pop(key, None)
        return socket

    async def _take_in(self, request: web.BaseRequest, api: Api, domain_name: str | None) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(
            protocols=(handshake.PROTOCOL,), compress=False, max_msg_size=LARGEST_MESSAGE, timeout=_CLOSE_SECONDS
        )
        protocols = [each.strip() for each in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        headers = handshake.headers(protocols, request.query)
        connect = Request("", {}, None, headers, domain_name, _CONNECT_PATH, _CONNECT_BODY)
        await self._authorization.authorize(api, connect)
        if not socket.can_prepare(request):
            raise RefusedError("BadRequestException", "The request does not ask for a WebSocket.", 400)
        await socket.prepare(request)
        return socket

    async def stop(self) -> None:
        """Closes every connection."""
        for check in self._checks:
            check.cancel()
        await self._close([each for of_api in self._connections.values() for each in of_api])

    async def _start(self, key: Key, request: Request, deliver: Deliver, end: End) -> Subscription:
        try:
            api = await apis.read(self._control_plane, *key)
        except ClientError as error:
            raise RefusedError("NotFoundException", error.response["Error"]["Message"], 404) from error
        caller = await self._authorization.authorize(api, request)
        subscription = Subscription(key, plan(api, request, caller), deliver, end)
        self._registry.add(subscription)
        return subscription

    def _changed(self) -> None:
        if self._connections:
            check = asyncio.ensure_future(self._close_deleted())
            self._checks.add(check)
            check.add_done_callback(self._checks.discard)

    async def _close_deleted(self) -> None:
        for key in list(self._connections):
            if not await self._exists(key):
                await self._close(list(self._connections.get(key, ())))

    async def _exists(self, key: Key) -> bool:
        region, api_id = key

        def load() -> bool:
            try:
                self._control_plane.clients("appsync", region).get_graphql_api(apiId=api_id)
            except ClientError as error:
                return bool(error.response["Error"]["Code"] != "NotFoundException")
            return True

        try:
            return await self._control_plane.read("appsync", ("exists", region, api_id), load)
        except BotoCoreError:
            _log.exception("whether API %s in %s was deleted is not known", api_id, region)
            return True

    async def _close(self, connections: "list[Connection]") -> None:
        await asyncio.gather(*(connection.close() for connection in connections))

"""The AWS endpoint of the sandbox: a reverse proxy before the emulator.

It answers itself what the emulator lacks (`sandbox.extensions`), passes everything else on, and says after each
successful write which service has changed, before the writer gets its answer.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.sax.saxutils import escape

from aiohttp import web
from botocore.model import OperationModel

from sandbox import extensions
from sandbox.aws import is_of_aws
from sandbox.cloudwatch.alarms import Alarms
from sandbox.cloudwatch.function_metrics import FunctionMetrics
from sandbox.cloudwatch.metrics_api import MetricsApi
from sandbox.cloudwatch.store import MetricStore
from sandbox.cloudwatch.table_metrics import TableMetrics
from sandbox.event_bus import EventBuses
from sandbox.extensions import lambda_versions, xml_answers
from sandbox.extensions.appsync_endpoint import AppSyncEndpoint, DefaultEndpoint, no_endpoint
from sandbox.extensions.call import (
    AwsError,
    Call,
    Handler,
    Scope,
    is_read,
    is_xml,
    operation_of,
    parameters_of,
    scope_of,
)
from sandbox.extensions.edge_replicas import EdgeReplicas
from sandbox.extensions.lambda_versions import LambdaVersions
from sandbox.extensions.upstream import EmulatorCalls
from sandbox.faults.calls import CallFaults, NoAnswerError
from sandbox.faults.functions import when_up
from sandbox.faults.state import Faults
from sandbox.roles import Roles
from sandbox.server_log import server_log
from sandbox.streams.global_tables import GlobalTables
from sandbox.streams.trigger import Invoke
from sandbox.streams.triggers import StreamTriggers
from sandbox.streams.writes import WRITES, Place

# A Lambda deployment package goes base64-encoded in a request: 50 MB zipped (AWS "Lambda quotas").
_LARGEST_BODY = 80 * 1024 * 1024
_HOP_BY_HOP = {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}


async def no_functions(function_arn: str, _: Any) -> Any:
    """Refuses to invoke a function: the `invoke` of a gateway that has no Lambda beside it."""
    raise NotImplementedError(f"{function_arn} is not invoked: no Lambda runtime belongs to this gateway")


class Gateway:
    """The proxy before the emulator at `emulator_url`.

    Args:
        emulator_url: where it passes on what is not its own.
        on_change: gets botocore's name of each service that has changed.
        invoke: invokes a function by its ARN for a stream's event source mapping.
        roles: whose credentials a rule's target is called with.
        default_endpoint: answers what is sent to the default endpoint of an AppSync API.
        replicas: which functions CloudFront has copies of.
        faults: what is out of order.
        metrics: what CloudWatch answers with.
        controls: what sets other parts of the sandbox, under /_sandbox/.
        handlers: what other parts of the sandbox answer, by service and operation.
    """

    def __init__(
        self,
        emulator_url: str,
        on_change: Callable[[str], None],
        *,
        invoke: Invoke = no_functions,
        roles: Roles | None = None,
        default_endpoint: DefaultEndpoint = no_endpoint,
        replicas: EdgeReplicas | None = None,
        faults: Faults | None = None,
        metrics: MetricStore | None = None,
        controls: Sequence[web.RouteDef] = (),
        handlers: Mapping[tuple[str, str], Handler] = MappingProxyType({}),
    ) -> None:
        self._emulator = EmulatorCalls(emulator_url)
        self._on_change = on_change
        self._controls = controls
        self._versions = LambdaVersions()
        self._replicas = replicas or EdgeReplicas()
        faults = faults or Faults()
        self._faults = CallFaults(faults)
        metrics = metrics or MetricStore()
        self._triggers = StreamTriggers(self._emulator, when_up(invoke, faults), FunctionMetrics(metrics))
        self._tables = GlobalTables(
            self._emulator,
            on_write=self._triggers.wake,
            on_replicated=self._on_replicated,
            faults=faults,
            metrics=TableMetrics(metrics),
        )
        self._alarms = Alarms(
            self._emulator,
            metrics,
            lambda: on_change("cloudwatch"),
            lambda region: faults.now.is_down(region),  # noqa: PLW0108 - `now` changes
        )
        self._buses = EventBuses(self._emulator, roles or Roles())
        self._default_endpoint = default_endpoint
        self._appsync = AppSyncEndpoint(self._emulator, self._reach_default_endpoint)
        self._handlers = {
            **extensions.handlers(self._versions, self._replicas),
            **self._tables.handlers,
            **self._triggers.handlers,
            **self._buses.handlers,
            **MetricsApi(metrics).handlers,
            **self._alarms.handlers,
            **handlers,
        }
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> None:
        await self._emulator.start()
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.add_routes(
            [
                web.get(lambda_versions.PATH + "{digest}", self._download),
                web.get("/_sandbox/replication", self._tables.show),
                web.put("/_sandbox/replication", self._tables.control),
                web.get("/_sandbox/streams", self._triggers.show),
                *self._replicas.controls,
                *self._controls,
                web.post("/v1/apis/{api}/graphql", self._appsync.serve),
                web.route("*", "/{path:.*}", self._serve),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, logger=server_log)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        await self._alarms.start()

    async def stop(self) -> None:
        """Ends the listener, all that runs beside it and the connections to the emulator; harmless to repeat."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        for part in (self._alarms, self._buses, self._triggers, self._tables, self._emulator):
            await part.stop()

    def _on_replicated(self, place: Place) -> None:
        """Tells of items that replication may have written what a caller's write tells by itself."""
        self._triggers.wake(place)
        self._on_change("dynamodb")

    async def _reach_default_endpoint(self, region: str, api: str, request: web.Request) -> web.StreamResponse:
        try:
            await self._faults.reach(request, region)
        except NoAnswerError:
            return web.Response()  # which goes nowhere
        return await self._default_endpoint(region, api, request)

    async def _serve(self, request: web.Request) -> web.Response:
        try:
            return await self._answer(request)
        except NoAnswerError:
            return web.Response()  # which goes nowhere
        except AwsError as error:
            scope = scope_of(request.headers.get("Authorization", ""))
            return _xml_error(error) if scope and is_xml(scope.service) else _error(error)

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        scope = scope_of(request.headers.get("Authorization", ""))
        if scope is None:
            return await self._forward(request, body)
        path, _, query = request.raw_path.partition("?")
        operation = operation_of(scope.service, request.method, path, query, request.headers, body)
        if not is_of_aws(request.headers):
            await self._faults.meet(
                request, scope, operation, lambda: parameters_of(operation, path, query, body) if operation else {}
            )
        response = await self._execute(request, body, scope, operation)
        if response.status < 400 and not (operation and is_read(operation.name)):  # noqa: PLR2004 - HTTP's
            self._on_change(scope.service)
        return response

    async def _execute(
        self, request: web.Request, body: bytes, scope: Scope, operation: OperationModel | None
    ) -> web.Response:
        if operation is None:
            return await self._forward(request, body)
        path, _, query = request.raw_path.partition("?")
        handler = self._handlers.get((scope.service, operation.name))
        around: AbstractAsyncContextManager[None] = nullcontext()
        if handler or operation.name in WRITES:
            parameters = parameters_of(operation, path, query, body)
            call = Call(scope, operation.name, parameters, f"http://{request.host}")
            if handler and (answer := await handler(call, self._emulator)) is not None:
                status = operation.http.get("responseCode", 200)
                if is_xml(scope.service):
                    content = xml_answers.document(operation, answer)
                    return web.Response(status=status, body=content, content_type="text/xml")
                return web.json_response(answer, status=status)
            if operation.name in WRITES:
                around = self._tables.writing(call)
        blank = _blank_values(operation, body)
        async with around:
            # Passed on as it came, and an error with all that it tells, such as the reasons of a cancelled transaction.
            return await self._forward(request, body, f"?{blank}" if blank else "")

    async def _download(self, request: web.Request) -> web.Response:
        package = self._versions.package(request.match_info["digest"])
        if package is None:
            return web.Response(status=404)
        return web.Response(body=package, content_type="application/zip")

    async def _forward(self, request: web.Request, body: bytes, addition: str = "") -> web.Response:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _HOP_BY_HOP}
        async with self._emulator.request(request.method, request.raw_path + addition, headers, body) as answer:
            kept = [(k, v) for k, v in answer.headers.items() if k.lower() not in _HOP_BY_HOP]
            response = web.Response(status=answer.status, body=await answer.read())
            for name, value in kept:
                if name.lower() == "content-type":
                    response.headers[name] = value
                else:
                    response.headers.add(name, value)
            return response


def _blank_values(operation: OperationModel | None, body: bytes) -> str:
    """The empty values of a query protocol's body, which the emulator overlooks there but not in a URL."""
    if operation is None or operation.service_model.protocol != "query":
        return ""
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if not value])


def _xml_error(error: AwsError) -> web.Response:
    fault = f"<Type>Sender</Type><Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
    text = f"<ErrorResponse><Error>{fault}</Error></ErrorResponse>"
    return web.Response(text=text, status=error.status, content_type="text/xml")


def _error(error: AwsError) -> web.Response:
    return web.json_response(
        {"__type": error.code, "message": error.message},
        status=error.status,
        headers={"x-amzn-ErrorType": error.code},
    )

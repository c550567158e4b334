"""The AWS endpoint of the sandbox: a reverse proxy before the emulator.

It answers itself what the emulator lacks (`sandbox.extensions`), passes everything else on, and says after each
successful write which service has changed, before the writer gets its answer.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import aiohttp
from aiohttp import web
from botocore.model import OperationModel
from yarl import URL

from sandbox import extensions
from sandbox.extensions.call import (
    AwsError,
    Call,
    Scope,
    is_read,
    operation_of,
    parameters_of,
    scope_of,
    service_model,
)
from sandbox.extensions.lambda_versions import PATH, LambdaVersions
from sandbox.server_log import server_log

# A Lambda deployment package goes base64-encoded in a request: 50 MB zipped (AWS "Lambda quotas").
_LARGEST_BODY = 80 * 1024 * 1024
_HOP_BY_HOP = {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}


class Gateway:
    """The proxy before the emulator at `emulator_url`; `on_change` gets botocore's name of a changed service."""

    def __init__(self, emulator_url: str, on_change: Callable[[str], None]) -> None:
        self._emulator = emulator_url
        self._on_change = on_change
        self._versions = LambdaVersions()
        self._handlers = extensions.handlers(self._versions)
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, timeout=aiohttp.ClientTimeout(120)
        )
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.router.add_get(PATH + "{digest}", self._download)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, logger=server_log)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        """Ends the listener and the connections to the emulator; harmless when it does not run."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        if self._session:
            await self._session.close()
            self._session = None

    async def _serve(self, request: web.Request) -> web.Response:
        body = await request.read()
        scope = scope_of(request.headers.get("Authorization", ""))
        if scope is None:
            return await self._forward(request, body)
        path, _, query = request.raw_path.partition("?")
        operation = operation_of(scope.service, request.method, path, query, request.headers, body)
        response = None
        if operation and (handler := self._handlers.get((scope.service, operation.name))):
            parameters = parameters_of(operation, path, query, body)
            call = Call(scope, operation.name, parameters, f"http://{request.host}")
            try:
                answer = await handler(call, self._call_emulator)
            except AwsError as error:
                return _error(error)
            response = None if answer is None else web.json_response(answer)
        if response is None:
            blank = _blank_values(operation, body)
            response = await self._forward(request, body, f"?{blank}" if blank else "")
        if response.status < 400 and not (operation and is_read(operation.name)):  # noqa: PLR2004 - HTTP's
            self._on_change(scope.service)
        return response

    async def _download(self, request: web.Request) -> web.Response:
        package = self._versions.package(request.match_info["digest"])
        if package is None:
            return web.Response(status=404)
        return web.Response(body=package, content_type="application/zip")

    async def _forward(self, request: web.Request, body: bytes, addition: str = "") -> web.Response:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _HOP_BY_HOP}
        url = URL(self._emulator + request.raw_path + addition, encoded=True)
        async with self._open().request(request.method, url, headers=headers, data=body) as answer:
            kept = [(k, v) for k, v in answer.headers.items() if k.lower() not in _HOP_BY_HOP]
            response = web.Response(status=answer.status, body=await answer.read())
            for name, value in kept:
                if name.lower() == "content-type":
                    response.headers[name] = value
                else:
                    response.headers.add(name, value)
            return response

    async def _call_emulator(self, scope: Scope, operation: str, **parameters: Any) -> dict[str, Any]:
        model = service_model(scope.service)
        if model is None:
            raise AwsError("UnknownOperationException", f"the sandbox does not know the service {scope.service}")
        method, target, headers, body = _encode(model.operation_model(operation), parameters)
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={scope.account}/20260101/{scope.region}/{scope.service}/aws4_request, "
            "SignedHeaders=host, Signature=0"
        )
        url = URL(self._emulator + target, encoded=True)
        async with self._open().request(method, url, headers=headers, data=body) as answer:
            content = await answer.json(content_type=None) or {}
            if answer.status >= 400:  # noqa: PLR2004 - HTTP's first error
                code = str(content.get("__type") or content.get("code") or f"HTTP {answer.status}")
                message = str(content.get("message") or content.get("Message") or code)
                raise AwsError(code, message, answer.status)
            return dict(content)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the gateway is not started")
        return self._session


def _blank_values(operation: OperationModel | None, body: bytes) -> str:
    """The empty values of a query protocol's body, which the emulator overlooks there but not in a URL."""
    if operation is None or operation.service_model.protocol != "query":
        return ""
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if not value])


def _encode(operation: OperationModel, parameters: dict[str, Any]) -> tuple[str, str, dict[str, str], bytes | None]:
    """Method, request target, headers and body of a call in one of AWS's two JSON protocols."""
    service = operation.service_model
    if service.protocol == "json":
        headers = {
            "X-Amz-Target": f"{service.metadata['targetPrefix']}.{operation.name}",
            "Content-Type": f"application/x-amz-json-{service.metadata['jsonVersion']}",
        }
        return "POST", "/", headers, json.dumps(parameters).encode()
    target = operation.http["requestUri"]
    query, payload = {}, {}
    for member, value in parameters.items():
        shape = operation.input_shape.members[member]
        wire = shape.serialization.get("name", member)
        match shape.serialization.get("location"):
            case "uri":
                target = target.replace("{" + wire + "}", quote(value, safe=""))
            case "querystring":
                query[wire] = value
            case _:
                payload[wire] = value
    target += "?" + urlencode(query) if query else ""
    headers = {"Content-Type": "application/json"}
    return operation.http["method"], target, headers, json.dumps(payload).encode() if payload else None


def _error(error: AwsError) -> web.Response:
    return web.json_response(
        {"__type": error.code, "message": error.message},
        status=error.status,
        headers={"x-amzn-ErrorType": error.code},
    )

"""The emulator as the gateway and its extensions call it."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from botocore.model import OperationModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from yarl import URL

from sandbox.extensions.call import AwsError, Scope, service_model

_SECONDS = 120
# Services whose calls and answers are XML, or have in headers what an extension must know.
_BY_BOTOCORE = ("cloudfront", "cloudfront-keyvaluestore", "route53")
_GONE = "the sandbox's emulator is gone. Start the sandbox anew with: antipodes down, then antipodes up"


class EmulatorCalls:
    """HTTP to the emulator at `url`: requests as they came, and calls by name."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, timeout=aiohttp.ClientTimeout(_SECONDS)
        )

    async def stop(self) -> None:
        """Ends the connections; harmless when there are none."""
        if self._session:
            await self._session.close()
            self._session = None

    @asynccontextmanager
    async def request(
        self, method: str, target: str, headers: dict[str, str], body: bytes | None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The emulator's answer to a request for `target`, which is path and query as they go over the wire.

        Raises:
            AwsError: the emulator is gone.
        """
        if self._session is None:
            raise RuntimeError("the gateway is not started")
        url = URL(self._url + target, encoded=True)
        try:
            async with self._session.request(method, url, headers=headers, data=body) as answer:
                yield answer
        except aiohttp.ClientConnectionError as error:
            raise AwsError("ServiceUnavailable", _GONE, HTTPStatus.SERVICE_UNAVAILABLE) from error

    async def __call__(self, scope: Scope, operation: str, **parameters: Any) -> dict[str, Any]:
        """See `sandbox.extensions.call.Upstream`."""
        model = service_model(scope.service)
        if model is None:
            raise AwsError("UnknownOperationException", f"the sandbox does not know the service {scope.service}")
        called = model.operation_model(operation)
        by_botocore = scope.service in _BY_BOTOCORE
        method, target, headers, body = (_serialize if by_botocore else _encode)(called, parameters)
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={scope.account}/20260101/{scope.region}/{model.signing_name}/aws4_request, "
            "SignedHeaders=host, Signature=0"
        )
        async with self.request(method, target, headers, body) as answer:
            if by_botocore:
                return _parse(called, answer.status, answer.headers, await answer.read())
            content = await answer.json(content_type=None) or {}
            if answer.status >= 400:  # noqa: PLR2004 - HTTP's first error
                code = str(content.get("__type") or content.get("code") or f"HTTP {answer.status}")
                message = str(content.get("message") or content.get("Message") or code)
                raise AwsError(code.rpartition("#")[2], message, answer.status)
            return dict(content)


def _serialize(operation: OperationModel, parameters: dict[str, Any]) -> tuple[str, str, dict[str, str], bytes]:
    """Method, request target, headers and body of a call in either of AWS's REST protocols."""
    serializer = create_serializer(operation.service_model.protocol, include_validation=False)
    call = serializer.serialize_to_request(parameters, operation)
    query = f"?{urlencode(call['query_string'])}" if call["query_string"] else ""
    body = call["body"]
    content = body if isinstance(body, bytes) else str(body).encode()
    return call["method"], call["url_path"] + query, dict(call["headers"]), content


def _parse(operation: OperationModel, status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    parser = create_parser(operation.service_model.protocol)
    answer = parser.parse({"status_code": status, "headers": headers, "body": body}, operation.output_shape)
    if status >= 400:  # noqa: PLR2004 - HTTP's first error
        raise AwsError(answer["Error"]["Code"], answer["Error"]["Message"], status)
    return dict(answer)


def _encode(operation: OperationModel, parameters: dict[str, Any]) -> tuple[str, str, dict[str, str], bytes | None]:
    """Method, request target, headers and body of a call in one of AWS's two JSON protocols."""
    service = operation.service_model
    if service.resolved_protocol == "json":
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

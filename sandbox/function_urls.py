"""Lambda function URLs: functions that answer HTTPS under a host name of their own."""

import json
import re
import ssl
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from logging import getLogger
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from sandbox import function_policy
from sandbox.certificates import CertificateAuthority
from sandbox.control_plane import ControlPlane
from sandbox.function_policy import listed
from sandbox.function_url_payload import MalformedAnswerError, Received, Reply, event, reply
from sandbox.lambda_runtime import FunctionError, NotEmulatedError
from sandbox.regional_listeners import host_of

Invoke = Callable[[str, dict[str, Any]], Awaitable[Any]]

_log = getLogger(__name__)
_HOST = re.compile(r"[a-z0-9]+\.lambda-url\.(?P<region>[a-z0-9-]+)\.on\.aws")
_LARGEST_BODY = 6 * 1024 * 1024  # "Lambda quotas": 6 MB for synchronous invocations

# What a request to a URL of the type NONE says of itself to the conditions of a policy, by names in lower case
# ("Control access to Lambda function URLs").
_CONTEXT = {"lambda:functionurlauthtype": "NONE", "lambda:invokedviafunctionurl": "true"}
_NEEDED = ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")


@dataclass(frozen=True)
class _FunctionUrl:
    function_arn: str
    auth_type: str


class _RefusedError(Exception):
    """The function is not called; type, message and status are what the caller gets."""

    def __init__(self, type_: str, message: str, status: int) -> None:
        super().__init__(message)
        self.type = type_
        self.status = status


class FunctionUrls:
    """Serves the URLs of all functions that AWS holds; functions are called through `invoke`."""

    def __init__(self, control_plane: ControlPlane, invoke: Invoke, authority: CertificateAuthority) -> None:
        self._control_plane = control_plane
        self._invoke = invoke
        self._authority = authority

    def serves(self, region: str, host: str) -> bool:
        """Whether `host` is of the form of the region's function URLs."""
        return region_of_url(host) == region

    async def context_for(self, region: str, host: str) -> ssl.SSLContext | None:  # noqa: ARG002 - as of all `Hosts`
        """The certificate for all function URLs of the region, those included that there are not."""
        return self._authority.server_context([f"*.lambda-url.{region}.on.aws"])

    async def stop(self) -> None:
        """Nothing runs beside the requests."""

    async def handle(self, region: str, request: web.BaseRequest) -> web.StreamResponse:
        """The function's answer, or why there is none."""
        request_id = str(uuid.uuid4())
        try:
            sent = await self._answer(region, request, request_id)
        except _RefusedError as error:
            sent = _refusal(error)
        headers = CIMultiDict([("x-amzn-RequestId", request_id), *sent.headers])
        return web.Response(status=sent.status, headers=headers, body=sent.body)

    async def _answer(self, region: str, request: web.BaseRequest, request_id: str) -> Reply:
        host = host_of(request)
        url = await self._open(region, host)
        received = Received(request.method, request.raw_path, tuple(request.headers.items()), await _body(request))
        try:
            answer = await self._invoke(
                url.function_arn, event(received, host=host, request_id=request_id, now=time.time())
            )
            return reply(answer)
        except FunctionError as error:
            raise _failed() from error  # the function's own log tells more
        except MalformedAnswerError as error:
            _log.warning("function URL %s: the function's answer is malformed: %s", host, error)
            raise _failed() from error
        except NotEmulatedError as error:
            raise _RefusedError("NotEmulated", str(error), 501) from error

    async def _open(self, region: str, host: str) -> _FunctionUrl:
        """The URL behind `host`, which everyone may call."""
        url = (await self._urls(region)).get(host)
        if url is None:
            raise _RefusedError("ResourceNotFoundException", "Not Found", 404)
        if url.auth_type != "NONE":
            message = f"the sandbox does not emulate the auth type {url.auth_type} of function URLs, only NONE"
            raise _RefusedError("NotEmulated", message, 501)
        if not open_to_all(await function_policy.statements(self._control_plane, url.function_arn)):
            raise _RefusedError("AccessDeniedException", "Forbidden", 403)
        return url

    async def _urls(self, region: str) -> dict[str, _FunctionUrl]:
        """Host -> URL, of one region."""

        def load() -> dict[str, _FunctionUrl]:
            client = self._control_plane.clients("lambda", region)
            return {
                url["FunctionUrl"].split("/")[2].lower(): _FunctionUrl(url["FunctionArn"], url["AuthType"])
                for page in client.get_paginator("list_functions").paginate()
                for function in page["Functions"]
                for url in client.list_function_url_configs(FunctionName=function["FunctionName"])["FunctionUrlConfigs"]
            }

        return await self._control_plane.read("lambda", ("urls", region), load)


def region_of_url(host: str) -> str | None:
    """The region that the host of a function URL names; None for any other host."""
    found = _HOST.fullmatch(host)
    return found["region"] if found else None


def open_to_all(statements: list[dict[str, Any]]) -> bool:
    """Whether a function's policy lets everyone call it by a URL of the type NONE: that takes both actions."""
    fitting = [statement for statement in statements if _for_everyone(statement) and _holds(statement)]
    return all(
        {statement["Effect"] for statement in fitting if _names(statement, action)} == {"Allow"} for action in _NEEDED
    )


def _for_everyone(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    return "*" in listed(principal.get("AWS") if isinstance(principal, dict) else principal)


def _names(statement: dict[str, Any], action: str) -> bool:
    return any(name.lower() in (action.lower(), "lambda:*", "*") for name in listed(statement.get("Action")))


def _holds(statement: dict[str, Any]) -> bool:
    """Its conditions are met; one on anything else than how the function is called is not."""
    return all(
        _CONTEXT.get(key.lower(), "").lower() in (str(value).lower() for value in listed(values))
        for conditions in statement.get("Condition", {}).values()
        for key, values in conditions.items()
    )


def _failed() -> _RefusedError:
    return _RefusedError("InternalServerErrorException", "Internal Server Error", 502)


def _refusal(error: _RefusedError) -> Reply:
    body = json.dumps({"Message": str(error)}).encode()
    return Reply(error.status, [("content-type", "application/json"), ("x-amzn-ErrorType", error.type)], body)


async def _body(request: web.BaseRequest) -> bytes:
    content = bytearray()
    async for part in request.content.iter_any():
        content += part
        if len(content) > _LARGEST_BODY:
            message = f"a request has at most {_LARGEST_BODY} bytes"
            raise _RefusedError("RequestEntityTooLargeException", message, 413)
    return bytes(content)

"""The regions' HTTPS endpoints: one listener a region, where the custom domains of its APIs answer."""

import asyncio
import json
import ssl
import uuid
from typing import Any

from aiohttp import web
from botocore.exceptions import ClientError

from sandbox.appsync import api as apis
from sandbox.appsync import executor
from sandbox.appsync.api import Api
from sandbox.appsync.authorization import Authorization, UnauthorizedError, UnsupportedModeError
from sandbox.appsync.request import Request
from sandbox.certificates import CertificateAuthority, certificate_names
from sandbox.control_plane import ControlPlane
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import Ports
from sandbox.tls_listener import TlsListener

_PATHS = ("/graphql", "/graphql/")
_LARGEST_BODY = 1024 * 1024  # "AWS AppSync endpoints and quotas": request size
_CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amz-user-agent,x-amzn-ErrorMessage,Date,"
    "x-amz-schema-version",
}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "POST,OPTIONS",
    "Access-Control-Max-Age": "172800",
}


class _Refused(Exception):  # noqa: N818 - an answer like any other
    """AppSync answers with an error instead of executing anything."""

    def __init__(self, status: int, type_: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.type = type_


class RegionalEndpoints:
    """Listens in every region, so that a domain is served from the moment that it is associated with an API."""

    def __init__(
        self,
        control_plane: ControlPlane,
        runtime: LambdaRuntime,
        ports: Ports,
        authority: CertificateAuthority,
    ) -> None:
        authorization = Authorization(control_plane, runtime.invoke)
        self._listeners = []
        for region, port in ports.regions.items():
            endpoint = _Endpoint(control_plane, runtime, authority, authorization, region)
            self._listeners.append(TlsListener(port, endpoint.context_for, endpoint.handle))

    async def start(self) -> None:
        for listener in self._listeners:
            await listener.start()

    async def stop(self) -> None:
        await asyncio.gather(*(listener.stop() for listener in self._listeners))


class _Endpoint:
    """One region's endpoint."""

    def __init__(
        self,
        control_plane: ControlPlane,
        runtime: LambdaRuntime,
        authority: CertificateAuthority,
        authorization: Authorization,
        region: str,
    ) -> None:
        self._control_plane = control_plane
        self._runtime = runtime
        self._authority = authority
        self._authorization = authorization
        self._region = region

    async def context_for(self, host: str) -> ssl.SSLContext | None:
        """The certificate of the domain `host`, if this region has it."""
        arn = (await self._domains()).get(host)
        if arn is None:
            return None
        return self._authority.server_context(await certificate_names(self._control_plane, arn))

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        id_ = str(uuid.uuid4())
        # CloudFront serves AppSync's domains.
        headers = {"Server": "CloudFront", "x-amzn-RequestId": id_, **_CROSS_ORIGIN}
        if request.method == "OPTIONS":
            return web.Response(headers=headers | _PREFLIGHT)
        try:
            status, body = 200, await self._answer(request)
        except _Refused as refused:
            status, body = refused.status, {"errors": [{"errorType": refused.type, "message": str(refused)}]}
            headers["x-amzn-ErrorType"] = refused.type
        return web.Response(
            status=status,
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
            headers={"Content-Type": "application/json;charset=UTF-8", **headers},
        )

    async def _answer(self, request: web.BaseRequest) -> dict[str, Any]:
        host = request.headers.get("Host", "").partition(":")[0].lower()
        api = await self._api(host)
        if request.method != "POST" or request.path not in _PATHS:
            raise _Refused(404, "UnknownOperationException", f"Nothing answers {request.method} {request.path}.")
        headers = {name.lower(): value for name, value in request.headers.items()}
        if not headers.get("authorization"):
            raise _unauthorized()
        asked = _request(await _body(request), headers, host)
        try:
            caller = await self._authorization.authorize(api, asked)
            return await executor.run(api, asked, caller, self._runtime.invoke)
        except UnauthorizedError:
            raise _unauthorized() from None
        except UnsupportedModeError as error:
            raise _Refused(501, "NotEmulated", str(error)) from error
        except executor.MalformedRequestError as error:
            raise _malformed(str(error)) from error

    async def _api(self, host: str) -> Api:
        """The API that the domain `host` leads to."""
        if host not in await self._domains():
            # An AppSync domain is an alias of a CloudFront distribution, which knows no other host.
            raise _Refused(403, "ForbiddenException", f"{host or 'no host'} is no domain name of {self._region}.")
        clients = self._control_plane.clients

        def load() -> Api:
            association = clients("appsync", self._region).get_api_association(domainName=host)["apiAssociation"]
            return apis.load(clients, self._region, association["apiId"])

        try:
            return await self._control_plane.read("appsync", ("api", self._region, host), load)
        except ClientError as error:
            message = error.response["Error"]["Message"]
            raise _Refused(404, "NotFoundException", f"{host} leads to no API that can answer: {message}") from error

    async def _domains(self) -> dict[str, str]:
        """Domain name -> ARN of its certificate."""

        def load() -> dict[str, str]:
            answer = self._control_plane.clients("appsync", self._region).list_domain_names()
            return {item["domainName"].lower(): item["certificateArn"] for item in answer["domainNameConfigs"]}

        return await self._control_plane.read("appsync", ("domains", self._region), load)


async def _body(request: web.BaseRequest) -> Any:
    if (request.content_length or 0) > _LARGEST_BODY:
        raise _Refused(413, "RequestEntityTooLargeException", f"A request has at most {_LARGEST_BODY} bytes.")
    try:
        return json.loads(await request.read())
    except web.HTTPRequestEntityTooLarge as error:
        raise _Refused(
            413, "RequestEntityTooLargeException", f"A request has at most {_LARGEST_BODY} bytes."
        ) from error
    except ValueError as error:
        raise _malformed("Invalid JSON payload in POST request.") from error


def _request(body: Any, headers: dict[str, str], domain_name: str) -> Request:
    if not isinstance(body, dict):
        raise _malformed("Invalid JSON payload in POST request.")
    query, variables, name = body.get("query"), body.get("variables"), body.get("operationName")
    if query is None:
        raise _malformed("Invalid request, `query` can't be null.")
    if not isinstance(query, str) or not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise _malformed("Invalid JSON payload in POST request.")
    if not query.strip():
        raise _malformed("Invalid request, `query` can't be empty.")
    return Request(query, variables or {}, name or None, headers, domain_name)


def _malformed(message: str) -> _Refused:
    return _Refused(400, "MalformedHttpRequestException", message)


def _unauthorized() -> _Refused:
    return _Refused(401, "UnauthorizedException", "You are not authorized to make this call.")

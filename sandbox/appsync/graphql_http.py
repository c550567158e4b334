"""GraphQL over HTTP: what AppSync answers to a POST, whichever of its hosts it came to."""

import json
import uuid
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.appsync import executor
from sandbox.appsync.api import Api
from sandbox.appsync.authorization import Authorization
from sandbox.appsync.errors import MalformedRequestError, RefusedError, UnauthorizedError
from sandbox.appsync.executor import Outcome
from sandbox.appsync.lambda_authorizer import Invoke
from sandbox.appsync.request import Request
from sandbox.appsync.subscriptions import Registry, as_json
from sandbox.cloudwatch.api_metrics import ApiMetrics

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


class GraphQLOverHttp:
    """Executes the operations that are posted, and tells subscribers of the mutations among them."""

    def __init__(self, authorization: Authorization, invoke: Invoke, registry: Registry, metrics: ApiMetrics) -> None:
        self._authorization = authorization
        self._invoke = invoke
        self._registry = registry
        self._metrics = metrics

    async def execute(self, request: web.BaseRequest, api: Api, domain_name: str | None) -> Outcome:
        """What a POST came to; its subscribers are told.

        Raises:
            RefusedError: nothing is executed.
        """
        with self._metrics.request((api.region, api.id)):
            return await self._execute(request, api, domain_name)

    async def _execute(self, request: web.BaseRequest, api: Api, domain_name: str | None) -> Outcome:
        headers = {name.lower(): value for name, value in request.headers.items()}
        if not headers.get("authorization"):
            raise UnauthorizedError
        body = await _body(request)
        asked = parse(body, headers=headers, domain_name=domain_name, path=request.raw_path)
        caller = await self._authorization.authorize(api, asked)
        outcome = await executor.run(api, asked, caller, self._invoke)
        for mutation, result in outcome.changes:
            self._registry.publish((api.region, api.id), mutation, result)
        for invalidation in outcome.invalidations:
            self._registry.invalidate((api.region, api.id), invalidation)
        return outcome


def parse(body: bytes, *, headers: dict[str, str], domain_name: str | None, path: str) -> Request:
    """The request that a JSON body makes.

    Raises:
        MalformedRequestError: it makes none.
    """
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise MalformedRequestError("Invalid JSON payload in POST request.") from error
    if not isinstance(asked, dict):
        raise MalformedRequestError("Invalid JSON payload in POST request.")
    query, variables, name = asked.get("query"), asked.get("variables"), asked.get("operationName")
    if query is None:
        raise MalformedRequestError("Invalid request, `query` can't be null.")
    if not isinstance(query, str) or not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise MalformedRequestError("Invalid JSON payload in POST request.")
    if not query.strip():
        raise MalformedRequestError("Invalid request, `query` can't be empty.")
    return Request(query, variables or {}, name or None, headers, domain_name, path, body)


async def answer(
    request: web.BaseRequest, handle: Callable[[], Awaitable[Outcome | web.StreamResponse]]
) -> web.StreamResponse:
    """What `handle` answers, an operation's outcome or a whole response, or its refusal, with AppSync's headers."""
    # CloudFront serves AppSync's domains.
    headers = {"Server": "CloudFront", "x-amzn-RequestId": str(uuid.uuid4()), **_CROSS_ORIGIN}
    if request.method == "OPTIONS":
        return web.Response(headers=headers | _PREFLIGHT)
    try:
        answered = await handle()
        if isinstance(answered, web.StreamResponse):
            return answered
        status, body = 200, answered.body
        headers |= dict(answered.headers)
    except RefusedError as refused:
        status, body = refused.status, {"errors": [{"errorType": refused.type, "message": str(refused)}]}
        headers["x-amzn-ErrorType"] = refused.type
    return web.Response(
        status=status,
        body=as_json(body).encode(),
        headers={"Content-Type": "application/json;charset=UTF-8", **headers},
    )


async def _body(request: web.BaseRequest) -> bytes:
    too_large = RefusedError("RequestEntityTooLargeException", f"A request has at most {_LARGEST_BODY} bytes.", 413)
    if (request.content_length or 0) > _LARGEST_BODY:
        raise too_large
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise too_large from error
    if len(body) > _LARGEST_BODY:
        raise too_large
    return body

"""The authorization mode AWS_LAMBDA: a function of the API's owner says who is let in.

Source: "AWS_LAMBDA authorization"; its answers are kept as AppSync keeps them.
"""

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from logging import getLogger
from typing import Any

from botocore.exceptions import ClientError

from sandbox.appsync.api import Api
from sandbox.appsync.errors import UnauthorizedError
from sandbox.appsync.permission import may_invoke
from sandbox.appsync.request import Caller, Request
from sandbox.control_plane import ControlPlane
from sandbox.lambda_runtime import FunctionError, NotEmulatedError

Invoke = Callable[[str, dict[str, Any]], Awaitable[Any]]

_log = getLogger(__name__)
_DEFAULT_TTL = 0  # seconds: nothing is kept ("LambdaAuthorizerConfig" in the AppSync API Reference)
_MOST_KEPT = 10_000
_FIELD_ARN = re.compile(r"arn:aws:appsync:[^:]+:[^:]+:apis/(?P<api>[^/]+)/types/(?P<type>[^/]+)/fields/(?P<field>.+)")


@dataclass(frozen=True)
class _Kept:
    since: float
    until: float
    caller: Caller | None

    def holds(self, now: float) -> bool:
        """Not before it was given either: clocks can be set back."""
        return self.since <= now < self.until


class LambdaAuthorizer:
    """Asks the authorizers of all APIs, and keeps each answer for its time, by the clock `now`, and its token."""

    def __init__(self, control_plane: ControlPlane, invoke: Invoke, now: Callable[[], float]) -> None:
        self._control_plane = control_plane
        self._invoke = invoke
        self._now = now
        self._kept: dict[tuple[str, str, str], _Kept] = {}
        self._asking: dict[tuple[str, str, str], asyncio.Future[Caller | None]] = {}

    async def authorize(self, api: Api, request: Request) -> Caller:
        """Lets the caller in.

        Raises:
            UnauthorizedError: the authorizer does not, or it could not be asked.
        """
        config = _config(api)
        token = request.headers.get("authorization", "")
        expected = config.get("identityValidationExpression")
        if not token or (expected and not re.fullmatch(expected, token)):
            raise UnauthorizedError
        key = (api.id, config["authorizerUri"], token)
        kept = self._kept.get(key)
        caller = kept.caller if kept and kept.holds(self._now()) else await self._ask(key, api, request)
        if caller is None:
            raise UnauthorizedError
        return caller

    async def _ask(self, key: tuple[str, str, str], api: Api, request: Request) -> Caller | None:
        """Asks the authorizer; requests that come with the same token meanwhile share its answer."""
        asking = self._asking.get(key)
        if asking is None:
            asking = asyncio.ensure_future(self._call(key, api, request))
            self._asking[key] = asking
            asking.add_done_callback(lambda _: self._asking.pop(key))
        return await asyncio.shield(asking)

    async def _call(self, key: tuple[str, str, str], api: Api, request: Request) -> Caller | None:
        config = _config(api)
        event = {
            "authorizationToken": key[2],
            "requestContext": {
                "apiId": api.id,
                "accountId": api.account,
                "requestId": str(uuid.uuid4()),
                "queryString": request.query,
                "operationName": request.operation_name,
                "variables": request.variables,
            },
            "requestHeaders": dict(request.headers),
        }
        if not await may_invoke(self._control_plane, config["authorizerUri"], api.configuration["arn"]):
            _log.warning("the policy of %s does not let AppSync call it for API %s", config["authorizerUri"], api.id)
            return None
        try:
            answer = await self._invoke(config["authorizerUri"], event)
        except (FunctionError, ClientError, NotEmulatedError) as error:
            # What goes wrong in the authorizer lets nobody in, and is not kept.
            _log.warning("the authorizer of API %s failed: %s", api.id, error)
            return None
        if not isinstance(answer, dict) or not isinstance(answer.get("isAuthorized"), bool):
            return None
        caller = _caller(answer, api.id) if answer["isAuthorized"] else None
        ttl = answer.get("ttlOverride", config.get("authorizerResultTtlInSeconds", _DEFAULT_TTL))
        if ttl > 0:
            self._keep(key, ttl, caller)
        return caller

    def _keep(self, key: tuple[str, str, str], ttl: float, caller: Caller | None) -> None:
        now = self._now()
        if len(self._kept) >= _MOST_KEPT:
            self._kept = {other: kept for other, kept in self._kept.items() if kept.holds(now)}
        if len(self._kept) < _MOST_KEPT:
            self._kept[key] = _Kept(now, now + ttl, caller)


def _config(api: Api) -> dict[str, Any]:
    """Of the API's default mode or of an additional one: there is at most one."""
    providers = [api.configuration, *api.configuration.get("additionalAuthenticationProviders", ())]
    return next(
        dict(each["lambdaAuthorizerConfig"]) for each in providers if each["authenticationType"] == "AWS_LAMBDA"
    )


def _caller(answer: dict[str, Any], api_id: str) -> Caller:
    denied = set()
    for name in answer.get("deniedFields") or []:
        arn = _FIELD_ARN.fullmatch(name)
        if arn is None:
            denied.add(name)
        elif arn["api"] == api_id:
            denied.add(f"{arn['type']}.{arn['field']}")
    return Caller("AWS_LAMBDA", {"resolverContext": answer.get("resolverContext") or {}}, frozenset(denied))

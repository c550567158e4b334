"""The default endpoints of AppSync's APIs, which on AWS are hosts of their own: here they are paths of the gateway."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from geography import REGIONS
from sandbox.extensions.call import DEFAULT_ACCOUNT, AwsError, Scope, Upstream, scope_of

# Answers a request to an API by the region that it lies in and its id.
DefaultEndpoint = Callable[[str, str, web.Request], Awaitable[web.StreamResponse]]


async def no_endpoint(region: str, api: str, _: web.Request) -> web.StreamResponse:
    """Refuses to answer: the `default_endpoint` of a gateway that has no AppSync beside it."""
    return _not_found(f"nothing answers for the API {api} in {region}: no AppSync belongs to this gateway")


class AppSyncEndpoint:
    """Finds the region of the API that a request is for, and has `answer` answer it.

    A request that is signed names the region, one with a token or an API key does not: the API is looked for then.
    """

    def __init__(self, upstream: Upstream, answer: DefaultEndpoint) -> None:
        self._upstream = upstream
        self._answer = answer
        self._regions: dict[str, str] = {}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        api = request.match_info["api"]
        scope = scope_of(request.headers.get("Authorization", ""))
        region = scope.region if scope else await self._region_of(api)
        if region is None:
            return _not_found(f"there is no API {api}")
        return await self._answer(region, api, request)

    async def _region_of(self, api: str) -> str | None:
        if api not in self._regions:
            for region in REGIONS:
                if await self._has(region, api):
                    self._regions[api] = region
                    break
        return self._regions.get(api)

    async def _has(self, region: str, api: str) -> bool:
        try:
            await self._upstream(Scope(DEFAULT_ACCOUNT, region, "appsync"), "GetGraphqlApi", apiId=api)
        except AwsError:
            return False
        return True


def _not_found(message: str) -> web.Response:
    return web.json_response({"errors": [{"errorType": "NotFoundException", "message": message}]}, status=404)

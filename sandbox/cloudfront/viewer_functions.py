"""CloudFront functions on viewer-request, as the distributions and the control plane have them now."""

from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from sandbox.cloudfront import function_engine, function_rules, origin_update
from sandbox.cloudfront.distribution import Distribution
from sandbox.cloudfront.function_event import ViewerRequest, changed_request, response_headers, viewer_request_event
from sandbox.cloudfront.refusal import Refusal
from sandbox.control_plane import ControlPlane

_RUNTIME = "cloudfront-js-2.0"


@dataclass(frozen=True)
class Passed:
    """The request goes on, with the origin that the distribution has now."""

    request: ViewerRequest
    distribution: Distribution


@dataclass(frozen=True)
class Generated:
    """The viewer gets this response."""

    status: int
    reason: str | None
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class _Live:
    """What is published of a function; `store` is the ARN of the key value store that it reads."""

    code: str
    runtime: str
    store: str | None


class ViewerFunctions:
    """Runs functions in their LIVE stage: what an update publishes, or puts into a store, serves the next request."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self._control_plane = control_plane

    async def run(
        self,
        distribution: Distribution,
        request: ViewerRequest,
        place: dict[str, str],
        *,
        client_ip: str,
        request_id: str,
    ) -> Passed | Generated:
        """What the distribution's function makes of the request; without a function it passes as it is.

        Args:
            distribution: whose function it is.
            request: the viewer's.
            place: what the function is told of the edge location: name, serverIp and region.
            client_ip: the viewer's address.
            request_id: of this request.

        Raises:
            Refusal: the function failed, or its answer breaks CloudFront's rules.
        """
        if distribution.viewer_function_arn is None:
            return Passed(request, distribution)
        event = viewer_request_event(distribution, request, client_ip=client_ip, request_id=request_id)
        result = await self._execute(distribution.viewer_function_arn, event, place)
        if result.response is not None:
            _refuse(function_rules.response_violations(result.response))
            return _generated(result.response)
        before, after = event["request"], result.request or {}
        parameters = result.origin or {}
        _refuse(function_rules.request_violations(after, before, parameters.get("customHeaders")))
        origin = origin_update.updated_origin(distribution.origin, parameters)
        if lacking := origin_update.not_emulated(origin, parameters):
            raise Refusal(501, f"The sandbox does not emulate what the function asks for: {'; '.join(lacking)}.")
        return Passed(changed_request(request, before, after), replace(distribution, origin=origin))

    async def _execute(self, arn: str, event: dict[str, Any], place: dict[str, str]) -> function_engine.Result:
        try:
            live = await self._control_plane.read("cloudfront", ("function", arn), lambda: self._load(arn))
            if live.runtime != _RUNTIME:
                raise Refusal(501, f"The sandbox runs functions of {_RUNTIME}; {arn} is one of {live.runtime}.")
            store = None if live.store is None else await self._content(live.store)
            return function_engine.run(live.code, event, edge_location=place, store=store)
        except (function_engine.FunctionExecutionError, ClientError) as error:
            raise Refusal(
                503,
                f"The CloudFront function associated with the CloudFront distribution failed: {error}",
                "FunctionExecutionError",
            ) from error

    def _load(self, arn: str) -> _Live:
        name, api = arn.rpartition("/")[2], self._control_plane.clients("cloudfront")
        config = api.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]["FunctionConfig"]
        stores = config.get("KeyValueStoreAssociations", {}).get("Items", [])
        code = api.get_function(Name=name, Stage="LIVE")["FunctionCode"].read().decode()
        return _Live(code, config["Runtime"], stores[0]["KeyValueStoreARN"] if stores else None)

    async def _content(self, store: str) -> dict[str, str]:
        def load() -> dict[str, str]:
            pages = self._control_plane.clients("cloudfront-keyvaluestore").get_paginator("list_keys")
            return {item["Key"]: item["Value"] for page in pages.paginate(KvsARN=store) for item in page["Items"]}

        return await self._control_plane.read("cloudfront-keyvaluestore", store, load)


def _refuse(violations: list[str]) -> None:
    if violations:
        raise Refusal(
            502,
            f"The CloudFront function returned an invalid result: {'; '.join(violations)}.",
            "FunctionValidationError",
        )


def _generated(response: dict[str, Any]) -> Generated:
    return Generated(
        response["statusCode"],
        response.get("statusDescription"),
        response_headers(response),
        function_rules.response_body(response),
    )

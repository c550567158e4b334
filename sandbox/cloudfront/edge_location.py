"""An edge location: takes a viewer's request, runs the edge functions, brings the origin's answer."""

import hashlib
import html
import secrets
import ssl
from dataclasses import dataclass
from logging import getLogger
from typing import Any

import aiohttp
from aiohttp import web
from botocore.exceptions import ClientError

from geography import CITIES
from geography.edge_locations import code_of
from sandbox.certificates import CertificateAuthority
from sandbox.cloudfront import event, rules, tunnel
from sandbox.cloudfront.catalogue import Catalogue
from sandbox.cloudfront.connections import Connections, OriginError
from sandbox.cloudfront.distribution import Distribution
from sandbox.cloudfront.function_event import ViewerRequest
from sandbox.cloudfront.origins import OriginNotResolvedError, Origins
from sandbox.cloudfront.refusal import Refusal
from sandbox.cloudfront.viewer_functions import Generated, ViewerFunctions
from sandbox.edge_addresses import address_of
from sandbox.lambda_runtime import FunctionError, LambdaRuntime, NotEmulatedError
from sandbox.ports import LOOPBACK, Ports

_log = getLogger(__name__)

# What says how one connection carries a message, and so ends with it (RFC 9110, "Connection").
_HOP_BY_HOP = ("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade")


@dataclass(frozen=True)
class Backbone:
    """What all edge locations share."""

    catalogue: Catalogue
    viewer_functions: ViewerFunctions
    origins: Origins
    runtime: LambdaRuntime
    authority: CertificateAuthority
    ports: Ports
    connections: dict[str, Connections]  # by executing region


class EdgeLocation:
    """The edge location of `city`, whose regional edge cache lies in `region`."""

    def __init__(self, backbone: Backbone, city: str, region: str) -> None:
        self._backbone = backbone
        self._region = region
        code = code_of(CITIES[city])
        self._place = {"name": code, "serverIp": address_of(city), "region": region}
        self._pop = f"{code}50-P1"
        self._via = f"1.1 {hashlib.sha256(city.encode()).hexdigest()[:32]}.cloudfront.net (CloudFront)"

    async def context_for(self, host: str) -> ssl.SSLContext | None:
        """The certificate of the distribution that `host` belongs to, if any."""
        distribution = await self._backbone.catalogue.serving(host)
        if distribution is None:
            return None
        names = await self._backbone.catalogue.certificate_names(distribution, host)
        return self._backbone.authority.server_context(names, distribution.minimum_tls)

    async def handle(self, viewer: web.BaseRequest) -> web.StreamResponse:
        id_ = secrets.token_urlsafe(40) + "=="
        try:
            return await self._answer(viewer, id_)
        except Refusal as refusal:
            # Without the reason, which may quote a header.
            _log.info("%s %s: %d, %s from cloudfront", self._pop, id_, refusal.status, refusal.kind)
            return web.Response(
                status=refusal.status,
                body=_error_page(refusal.status, str(refusal), id_).encode(),
                headers={
                    "Content-Type": "text/html",
                    "Server": "CloudFront",
                    **self._own_headers(id_, f"{refusal.kind} from cloudfront"),
                },
            )

    async def _answer(self, viewer: web.BaseRequest, id_: str) -> web.StreamResponse:
        distribution = await self._distribution(viewer)
        client_ip = viewer.remote or LOOPBACK  # which viewers on loopback choose: any 127.x.y.z is theirs to bind to
        outcome = await self._backbone.viewer_functions.run(
            distribution,
            ViewerRequest(viewer.method, event.origin_form(viewer.raw_path), tuple(viewer.headers.items())),
            self._place,
            client_ip=client_ip,
            request_id=id_,
        )
        if isinstance(outcome, Generated):
            return self._generated(outcome, "FunctionGeneratedResponse", id_)
        distribution = outcome.distribution
        request = event.origin_request(
            distribution,
            outcome.request.method,
            outcome.request.target,
            outcome.request.headers,
            client_ip=client_ip,
            via=self._via,
        )
        region = self._executing_region(distribution)
        try:
            # Before any function runs on origin-request, the origin must resolve.
            await self._backbone.origins.resolve(region, distribution.origin.domain_name)
        except OriginNotResolvedError as error:
            raise Refusal(502, f"CloudFront wasn't able to resolve the origin domain name: {error}") from error
        if distribution.function_arn is not None:
            answer = await self._run(distribution.function_arn, distribution, request, region, id_)
            if rules.is_response(answer):
                generated = Generated(
                    int(answer["status"]),
                    answer.get("statusDescription"),
                    event.plain_headers(answer.get("headers", {})),
                    rules.response_body(answer),
                )
                return self._generated(generated, "LambdaGeneratedResponse", id_)
            request = answer
        return await self._fetch(viewer, distribution, request, region, id_)

    async def _distribution(self, viewer: web.BaseRequest) -> Distribution:
        host = viewer.headers.get("Host", "").partition(":")[0].lower()
        distribution = await self._backbone.catalogue.serving(host)
        if distribution is None:
            raise Refusal(403, f"Bad request. No distribution has the alias {host}.")
        tls = viewer.get_extra_info("ssl_object")
        if tls is not None and tls.context is not await self.context_for(host):
            raise Refusal(421, f"The connection was made for another distribution than that of {host}.")
        if not distribution.enabled:
            raise Refusal(403, f"Bad request. The distribution {distribution.id} is disabled.")
        if distribution.not_emulated:
            lacking = "; ".join(distribution.not_emulated)
            raise Refusal(501, f"The sandbox does not emulate what distribution {distribution.id} uses: {lacking}.")
        if viewer.method not in distribution.allowed_methods:
            raise Refusal(
                403,
                "This distribution is not configured to allow the HTTP request method that was used for this request: "
                f"{viewer.method} is none of {', '.join(sorted(distribution.allowed_methods))}.",
            )
        return distribution

    def _executing_region(self, distribution: Distribution) -> str:
        # With Origin Shield, origin requests are made in its region, wherever the viewer is.
        region = distribution.origin.shield_region or self._region
        if region not in self._backbone.connections:
            raise Refusal(501, f"The sandbox has no regional edge cache in {region}.")
        return region

    async def _run(
        self, function: str, distribution: Distribution, request: dict[str, Any], region: str, id_: str
    ) -> dict[str, Any]:
        try:
            answer = await self._backbone.runtime.invoke(
                function,
                event.origin_request_event(distribution, request, id_),
                executing_region=region,
                extra_env={"ANTIPODES_RESOLVER": f"{LOOPBACK}:{self._backbone.ports.dns[region]}"},
            )
        except (FunctionError, ClientError) as error:
            raise Refusal(
                503,
                f"The Lambda function associated with the CloudFront distribution failed: {error}",
                "LambdaExecutionError",
            ) from error
        except NotEmulatedError as error:
            raise Refusal(501, str(error)) from error
        violations = rules.violations(answer, request)
        if violations:
            raise Refusal(
                502,
                f"The Lambda function returned an invalid result: {'; '.join(violations)}.",
                "LambdaValidationError",
            )
        return dict(answer)

    def _generated(self, answer: Generated, kind: str, id_: str) -> web.StreamResponse:
        response = web.Response(status=answer.status, reason=answer.reason, body=answer.body)
        for name, value in answer.headers:
            response.headers.add(name, value)
        response.headers.update(self._own_headers(id_, f"{kind} from cloudfront"))
        response.headers.setdefault("Server", "CloudFront")
        return response

    async def _fetch(
        self,
        viewer: web.BaseRequest,
        distribution: Distribution,
        request: dict[str, Any],
        region: str,
        id_: str,
    ) -> web.StreamResponse:
        own = {"X-Amz-Cf-Id": id_, **(tunnel.UPGRADE if tunnel.is_asked_for(viewer) else {})}
        request["headers"] |= event.event_headers(own.items())
        if viewer.headers.get("Expect", "").lower() == "100-continue" and viewer.transport is not None:
            viewer.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            answer = await self._backbone.connections[region].send(
                request,
                viewer.content if viewer.body_exists else None,
                attempts=distribution.origin.connection_attempts,
                seconds=distribution.origin.connection_timeout,
            )
        except OriginError as error:
            raise Refusal(
                error.status, f"CloudFront attempted to establish a connection with the origin, but failed: {error}"
            ) from error
        async with answer:
            response = web.StreamResponse(status=answer.status, reason=answer.reason)
            for name, value in answer.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    response.headers.add(name, value)
            kind = "Error" if answer.status >= 400 else "Miss"  # noqa: PLR2004 - HTTP's first error
            for name, value in self._own_headers(id_, f"{kind} from cloudfront").items():
                response.headers[name] = value
            response.headers["X-Sandbox-Origin"] = request["origin"]["custom"]["domainName"]
            if answer.status == tunnel.SWITCHING:
                response.headers.update(tunnel.UPGRADE)
                return await tunnel.tunnel(viewer, answer, response)
            return await _relay(viewer, answer, response)

    def _own_headers(self, id_: str, cache: str) -> dict[str, str]:
        return {"X-Cache": cache, "Via": self._via, "X-Amz-Cf-Pop": self._pop, "X-Amz-Cf-Id": id_}


async def _relay(
    viewer: web.BaseRequest, answer: aiohttp.ClientResponse, response: web.StreamResponse
) -> web.StreamResponse:
    await response.prepare(viewer)
    try:
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
    except aiohttp.ClientError:
        # The answer has begun: only an ended connection can tell the viewer that it is not whole.
        if viewer.transport is not None:
            viewer.transport.abort()
    return response


def _error_page(status: int, reason: str, id_: str) -> str:
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n'
        "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY>\n"
        f"<H1>{status} ERROR</H1>\n<H2>The request could not be satisfied.</H2>\n"
        f"<HR noshade size=1>\n{html.escape(reason)}\n"
        f"<PRE>\nGenerated by cloudfront (CloudFront)\nRequest ID: {id_}\n</PRE>\n</BODY></HTML>\n"
    )

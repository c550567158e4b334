"""Where the regions' APIs answer: their custom domains and their default endpoints."""

import ssl

from aiohttp import web
from botocore.exceptions import ClientError

from sandbox.appsync import api as apis
from sandbox.appsync.api import Api
from sandbox.appsync.authorization import Authorization
from sandbox.appsync.errors import RefusedError
from sandbox.appsync.executor import Outcome
from sandbox.appsync.graphql_http import GraphQLOverHttp, answer
from sandbox.appsync.realtime import Realtime
from sandbox.appsync.subscriptions import Registry
from sandbox.certificates import CertificateAuthority, certificate_names
from sandbox.cloudwatch.api_metrics import ApiMetrics
from sandbox.cloudwatch.store import MetricStore
from sandbox.control_plane import ControlPlane
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.regional_listeners import host_of
from sandbox.roles import Roles

_GRAPHQL = ("/graphql", "/graphql/")
_REALTIME = ("/graphql/realtime", "/graphql/realtime/")


class RegionalEndpoints:
    """Serves every host of a region as a custom domain name, from the moment that it is associated with an API."""

    def __init__(
        self,
        control_plane: ControlPlane,
        runtime: LambdaRuntime,
        authority: CertificateAuthority,
        roles: Roles,
        metrics: MetricStore | None = None,
    ) -> None:
        measured = ApiMetrics(metrics)
        registry = Registry(measured)
        authorization = Authorization(control_plane, runtime.invoke, roles, runtime.clock.now)
        self._control_plane = control_plane
        self._authority = authority
        self._http = GraphQLOverHttp(authorization, runtime.invoke, registry, measured)
        self._realtime = Realtime(control_plane, authorization, registry, measured)

    async def stop(self) -> None:
        """Ends the connections of subscribers."""
        await self._realtime.stop()

    def serves(self, region: str, host: str) -> bool:  # noqa: ARG002 - as of all `Hosts`
        """A domain name may be any; those that no API has are refused."""
        return True

    async def context_for(self, region: str, host: str) -> ssl.SSLContext | None:
        """The certificate of the domain `host`, if the region has it."""
        arn = (await self._domains(region)).get(host)
        if arn is None:
            return None
        return self._authority.server_context(await certificate_names(self._control_plane, arn))

    async def handle(self, region: str, request: web.BaseRequest) -> web.StreamResponse:
        """Answers a request to a domain: a GraphQL operation, or the handshake of a subscriber."""

        async def serve() -> Outcome | web.StreamResponse:
            host = host_of(request)
            api = await self._api(region, host)
            if request.method == "GET" and request.path in _REALTIME:
                return await self._realtime.serve(request, api, host)
            if request.path not in _GRAPHQL:
                raise _nothing_there(request)
            _require_post(request)
            return await self._http.execute(request, api, host)

        return await answer(request, serve)

    async def default_endpoint(self, region: str, api_id: str, request: web.BaseRequest) -> web.StreamResponse:
        """Answers a request to the API's own endpoint, its uris.GRAPHQL, which needs no domain name."""

        async def execute() -> Outcome:
            try:
                api = await apis.read(self._control_plane, region, api_id)
            except ClientError as error:
                raise RefusedError("NotFoundException", error.response["Error"]["Message"], 404) from error
            _require_post(request)
            return await self._http.execute(request, api, None)

        return await answer(request, execute)

    async def _api(self, region: str, host: str) -> Api:
        """The API that the domain `host` of the region leads to."""
        if host not in await self._domains(region):
            # An AppSync domain is an alias of a CloudFront distribution, which knows no other host.
            raise RefusedError("ForbiddenException", f"{host or 'no host'} is no domain name of {region}.", 403)
        clients = self._control_plane.clients

        def load() -> str:
            association = clients("appsync", region).get_api_association(domainName=host)["apiAssociation"]
            return str(association["apiId"])

        try:
            api_id = await self._control_plane.read("appsync", ("association", region, host), load)
            return await apis.read(self._control_plane, region, api_id)
        except ClientError as error:
            message = f"{host} leads to no API that can answer: {error.response['Error']['Message']}"
            raise RefusedError("NotFoundException", message, 404) from error

    async def _domains(self, region: str) -> dict[str, str]:
        """Domain name -> ARN of its certificate, of one region."""

        def load() -> dict[str, str]:
            found = self._control_plane.clients("appsync", region).list_domain_names()
            return {item["domainName"].lower(): item["certificateArn"] for item in found["domainNameConfigs"]}

        return await self._control_plane.read("appsync", ("domains", region), load)


def _require_post(request: web.BaseRequest) -> None:
    if request.method != "POST":
        raise _nothing_there(request)


def _nothing_there(request: web.BaseRequest) -> RefusedError:
    message = f"Nothing answers {request.method} {request.path}."
    return RefusedError("UnknownOperationException", message, 404)

"""Two regions behind a distribution, as the published design has them, for tests of the edge."""

import itertools
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp

from components.topology import load
from sandbox.appsync.endpoints import RegionalEndpoints
from sandbox.certificates import CertificateAuthority
from sandbox.cloudfront.network import EdgeNetwork
from sandbox.dns import DnsServers
from sandbox.dns.control import DnsFaults
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import LOOPBACK, Ports
from sandbox.regional_listeners import RegionalListeners
from sandbox.roles import Roles
from sandbox.simulated_clock import SimulatedClock
from tests.sandbox.embedded import Aws, Code, embedded_aws

ROUTER = Path(__file__).parents[3] / "edge" / "router"
REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
CITIES = ["London", "Melbourne"]
VACANT = "us-west-2"  # the sandbox's AppSync does not listen there, so that a test can be the origin
_numbers = itertools.count()
HOST = "global-api.example.test"
RESOLVERS = """
import os
def handler(context, _):
    if context["info"]["fieldName"] == "header":
        return context["request"]["headers"].get(context["arguments"]["name"])
    if context["info"]["fieldName"] == "say":
        return {"text": context["arguments"]["text"], "region": os.environ["AWS_REGION"]}
    return os.environ["AWS_REGION"]
"""
API = Code(
    """type Query { region: String, header(name: String!): String }
    type Said { text: String, region: String }
    type Mutation { say(text: String!): Said }
    type Subscription { said: Said @aws_subscribe(mutations: ["say"]) }""",
    'def handler(event, _): return {"isAuthorized": event["authorizationToken"] == "right"}',
    RESOLVERS,
    (("Query", "region"), ("Query", "header"), ("Mutation", "say")),
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    text: str

    @property
    def data(self) -> Any:
        return json.loads(self.text)["data"]


@dataclass
class Edge:
    """The deployed distribution and a viewer before it."""

    aws: Aws
    session: aiohttp.ClientSession
    authority: CertificateAuthority
    tls: ssl.SSLContext
    certificate: str
    zone: str
    clock: SimulatedClock
    faults: DnsFaults
    distribution: str = ""

    @asynccontextmanager
    async def viewed_from(self, address: str) -> AsyncIterator["Edge"]:
        """The same edge before a viewer at this address of loopback, with connections of its own."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=(address, 0))) as session:
            yield replace(self, session=session)

    async def post(self, city: str, query: str, headers: dict[str, str] | None = None) -> Answer:
        body = json.dumps({"query": query}).encode()
        return await self.send(city, "POST", "/graphql", headers, body)

    async def send(
        self,
        city: str,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        *,
        name: str = HOST,
    ) -> Answer:
        own = {"Host": HOST, "Authorization": "right", "Content-Type": "application/json"}
        url = f"https://{LOOPBACK}:{self.aws.ports.edges[city]}{path}"
        async with self.session.request(
            method, url, data=body, headers=own | (headers or {}), ssl=self.tls, server_hostname=name
        ) as answer:
            return Answer(answer.status, answer.headers, await answer.text())

    async def router(self, code: dict[str, str], name: str = "router", region: str = "us-east-1") -> str:
        """Publishes a function with the handler `h.handler`; its versioned ARN."""
        return await self.aws.function(name, code, region=region, Publish=True) + ":1"

    async def configuration(self) -> dict[str, Any]:
        answer = await self.aws.call("cloudfront", "us-east-1", "get_distribution_config", Id=self.distribution)
        return dict(answer["DistributionConfig"])

    async def update(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Changes the distribution's configuration."""
        config = await self.configuration()
        change(config)
        await self.configure(config)

    async def configure(self, config: dict[str, Any]) -> None:
        cloudfront = "cloudfront", "us-east-1"
        etag = (await self.aws.call(*cloudfront, "get_distribution_config", Id=self.distribution))["ETag"]
        await self.aws.call(
            *cloudfront, "update_distribution", Id=self.distribution, IfMatch=etag, DistributionConfig=config
        )

    async def run(self, code: str) -> None:
        """Puts a function of this body, which has `request`, in the router's place."""
        text = 'def handler(event, _):\n    request = event["Records"][0]["cf"]["request"]\n    ' + code
        arn = await self.router({"h.py": text}, f"function-{next(_numbers)}")

        await self._associate(arn)

    async def route(self, **settings: Any) -> None:
        """Puts a new router in the router's place: the stack's own, with these settings in its config."""
        await self._associate(await self.router(router_code(**settings), f"router-{next(_numbers)}"))

    async def _associate(self, function: str) -> None:
        def change(config: dict[str, Any]) -> None:
            config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]["Items"][0]["LambdaFunctionARN"] = function

        await self.update(change)

    async def view(self, code: str, keys: dict[str, str] | None = None, *, alone: bool = False) -> str:
        """Puts a CloudFront function on viewer-request, with a store of these keys if any; its name.

        Args:
            code: of the function.
            keys: what its store holds.
            alone: the distribution has no Lambda function beside it.
        """
        cloudfront = "cloudfront", "us-east-1"
        name = f"view-{next(_numbers)}"
        stores = []
        if keys is not None:
            store = await self.aws.call(*cloudfront, "create_key_value_store", Name=name)
            stores = [{"KeyValueStoreARN": store["KeyValueStore"]["ARN"]}]
            await self.put(name, keys)
        settings = {
            "Comment": "",
            "Runtime": "cloudfront-js-2.0",
            "KeyValueStoreAssociations": {"Quantity": len(stores), "Items": stores},
        }
        made = await self.aws.call(
            *cloudfront, "create_function", Name=name, FunctionConfig=settings, FunctionCode=code.encode()
        )
        await self.aws.call(*cloudfront, "publish_function", Name=name, IfMatch=made["ETag"])
        arn = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]

        def change(config: dict[str, Any]) -> None:
            items = [{"EventType": "viewer-request", "FunctionARN": arn}]
            config["DefaultCacheBehavior"]["FunctionAssociations"] = {"Quantity": 1, "Items": items}
            if alone:
                config["DefaultCacheBehavior"]["LambdaFunctionAssociations"] = {"Quantity": 0}

        await self.update(change)
        return name

    async def review(self, name: str, code: str) -> None:
        """Publishes new code of a CloudFront function."""
        cloudfront = "cloudfront", "us-east-1"
        described = await self.aws.call(*cloudfront, "describe_function", Name=name, Stage="DEVELOPMENT")
        await self.aws.call(
            *cloudfront,
            "update_function",
            Name=name,
            IfMatch=described["ETag"],
            FunctionConfig=described["FunctionSummary"]["FunctionConfig"],
            FunctionCode=code.encode(),
        )
        changed = await self.aws.call(*cloudfront, "describe_function", Name=name, Stage="DEVELOPMENT")
        await self.aws.call(*cloudfront, "publish_function", Name=name, IfMatch=changed["ETag"])

    async def put(self, store: str, keys: dict[str, str]) -> None:
        """Puts keys into a key value store."""
        data = "cloudfront-keyvaluestore", "us-east-1"
        arn = f"arn:aws:cloudfront::000000000000:key-value-store/{store}"
        etag = (await self.aws.call(*data, "describe_key_value_store", KvsARN=arn))["ETag"]
        puts = [{"Key": key, "Value": value} for key, value in keys.items()]
        await self.aws.call(*data, "update_keys", KvsARN=arn, IfMatch=etag, Puts=puts)

    async def records(self, *records: dict[str, Any], action: str = "CREATE") -> None:
        await self.aws.call(
            "route53",
            "us-east-1",
            "change_resource_record_sets",
            HostedZoneId=self.zone,
            ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record} for record in records]},
        )


def router_code(**settings: Any) -> dict[str, str]:
    """The files of the router with the table of a stack that has these settings."""
    config = {"domain": "example.test", "data": "regional", "regions": REGIONS, **settings}
    topology = load({"aws:region": "us-east-1", **{f"antipodes:{key}": value for key, value in config.items()}})
    code = {path.name: path.read_text(encoding="utf-8") for path in ROUTER.glob("*.py")}
    return code | {"h.py": "from handler import handler", "routes.json": json.dumps(topology.routes)}


def record(name: str, kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}], **more}


def config(certificate: str, function: str, reference: str) -> dict[str, Any]:
    """The distribution of the published design."""
    methods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    return {
        "CallerReference": reference,
        "Comment": "",
        "Enabled": True,
        "Aliases": {"Quantity": 1, "Items": [HOST]},
        "Origins": {
            "Quantity": 1,
            "Items": [
                {
                    "Id": "default",
                    "DomainName": "default-origin.example.test",
                    "OriginPath": "",
                    "CustomHeaders": {"Quantity": 0},
                    "ConnectionAttempts": 1,
                    "ConnectionTimeout": 10,
                    "CustomOriginConfig": {
                        "HTTPPort": 80,
                        "HTTPSPort": 443,
                        "OriginProtocolPolicy": "https-only",
                        "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]},
                        "OriginReadTimeout": 30,
                        "OriginKeepaliveTimeout": 60,
                    },
                }
            ],
        },
        "DefaultCacheBehavior": {
            "TargetOriginId": "default",
            "ViewerProtocolPolicy": "https-only",
            "AllowedMethods": {
                "Quantity": 7,
                "Items": methods,
                "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]},
            },
            "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
            "OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3",
            "LambdaFunctionAssociations": {
                "Quantity": 1,
                "Items": [{"EventType": "origin-request", "LambdaFunctionARN": function, "IncludeBody": False}],
            },
        },
        "ViewerCertificate": {
            "ACMCertificateArn": certificate,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    }


@asynccontextmanager
async def edge(ports: Ports, folder: Path) -> AsyncIterator[Edge]:
    """Deploys everything, router included, and opens the edge in London and Melbourne."""
    async with AsyncExitStack() as running:
        aws = await running.enter_async_context(embedded_aws(ports))
        session = await running.enter_async_context(aiohttp.ClientSession())
        authority = CertificateAuthority(folder)
        roles = Roles()
        runtime = LambdaRuntime(aws.control_plane, aws.url, folder / "functions", roles)
        running.push_async_callback(runtime.stop)
        taken = Ports(ports.base)
        del taken.regions[VACANT]
        dns = DnsServers(aws.control_plane, ports)
        for part in (
            dns,
            RegionalListeners(taken, [RegionalEndpoints(aws.control_plane, runtime, authority, roles)]),
            EdgeNetwork(aws.control_plane, runtime, ports, authority, CITIES),
        ):
            running.push_async_callback(part.stop)
            await part.start()
        certificate = await aws.certificate("example.test")
        tls = authority.client_context()
        zone = await _new_zone(aws)
        there = Edge(aws, session, authority, tls, certificate, zone, runtime.clock, dns.faults)
        await _deploy(there)
        running.push_async_callback(_withdraw, there)
        yield there


async def _new_zone(aws: Aws) -> str:
    route53 = "route53", "us-east-1"
    for zone in (await aws.call(*route53, "list_hosted_zones"))["HostedZones"]:
        sets = (await aws.call(*route53, "list_resource_record_sets", HostedZoneId=zone["Id"]))["ResourceRecordSets"]
        changes = [
            {"Action": "DELETE", "ResourceRecordSet": item} for item in sets if item["Type"] not in ("NS", "SOA")
        ]
        if changes:
            await aws.call(
                *route53, "change_resource_record_sets", HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes}
            )
        await aws.call(*route53, "delete_hosted_zone", Id=zone["Id"])
    answer = await aws.call(*route53, "create_hosted_zone", Name="example.test", CallerReference=str(id(aws)))
    return str(answer["HostedZone"]["Id"])


async def _deploy(there: Edge) -> None:
    records = [record("default-origin.example.test", "A", "192.0.2.1")]
    for key, region in REGIONS.items():
        host = f"{key}-appsync.example.test"
        _, target = await there.aws.api(region, host, there.certificate, API)
        latency = record("latency-routing.example.test", "CNAME", key, Region=region, SetIdentifier=key)
        records += [record(host, "CNAME", target), latency]
    await there.records(*records)
    for function in (await there.aws.call("lambda", "us-east-1", "list_functions"))["Functions"]:
        await there.aws.call("lambda", "us-east-1", "delete_function", FunctionName=function["FunctionName"])
    answer = await there.aws.call(
        "cloudfront",
        "us-east-1",
        "create_distribution",
        DistributionConfig=config(there.certificate, await there.router(router_code()), str(id(there))),
    )
    there.distribution = answer["Distribution"]["Id"]


async def _withdraw(there: Edge) -> None:
    await there.update(lambda config: config.update(Enabled=False))
    cloudfront = "cloudfront", "us-east-1"
    etag = (await there.aws.call(*cloudfront, "get_distribution_config", Id=there.distribution))["ETag"]
    await there.aws.call(*cloudfront, "delete_distribution", Id=there.distribution, IfMatch=etag)

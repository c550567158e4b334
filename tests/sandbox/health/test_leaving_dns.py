"""The whole way from a function that says that its region is unwell to DNS that no longer names the region."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import dns.asyncquery
import dns.message

from sandbox.appsync.endpoints import RegionalEndpoints
from sandbox.certificates import CertificateAuthority
from sandbox.dns import DnsServers
from sandbox.function_urls import FunctionUrls
from sandbox.health import HealthCheckers
from sandbox.health.whereabouts import Whereabouts
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import LOOPBACK, Ports
from sandbox.regional_listeners import RegionalListeners
from sandbox.roles import Roles
from sandbox.time_scale import TimeScale
from tests.sandbox.dns.embedded_dns import record_set
from tests.sandbox.embedded import Aws, embedded_aws, ports

__all__ = ["ports"]

REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
HEALTH = """
import os
def handler(event, context):
    return {"statusCode": int(os.environ.get("STATUS", "200"))}
"""
PERMISSIONS: tuple[dict[str, Any], ...] = (
    {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"},
    {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True},
)


@asynccontextmanager
async def watched_regions(ports: Ports, folder: Path) -> AsyncIterator[Aws]:
    async with AsyncExitStack() as running:
        aws = await running.enter_async_context(embedded_aws(ports))
        authority, roles = CertificateAuthority(folder), Roles()
        runtime = LambdaRuntime(aws.control_plane, aws.url, folder / "functions", roles)
        running.push_async_callback(runtime.stop)
        endpoints = RegionalEndpoints(aws.control_plane, runtime, authority, roles)
        urls = FunctionUrls(aws.control_plane, runtime.invoke, authority)
        find = Whereabouts(aws.control_plane, ports).port
        checkers = HealthCheckers(aws.control_plane, TimeScale(50), find)
        name_servers = DnsServers(aws.control_plane, ports, checkers.is_healthy)
        for part in (name_servers, RegionalListeners(ports, [urls, endpoints]), checkers):
            running.push_async_callback(part.stop)
            await part.start()
        yield aws


async def health_check(aws: Aws, key: str, host: str) -> str:
    settings = {"Type": "HTTPS", "FullyQualifiedDomainName": host, "RequestInterval": 10, "FailureThreshold": 2}
    reference = {"CallerReference": f"dns-{key}", "HealthCheckConfig": settings | {"EnableSNI": True}}
    return str((await aws.call("route53", "us-east-1", "create_health_check", **reference))["HealthCheck"]["Id"])


async def function_url(aws: Aws, key: str, region: str) -> str:
    """The host of a function's URL."""
    of = {"FunctionName": f"{key}-health"}
    await aws.function(of["FunctionName"], {"h.py": HEALTH}, region=region)
    for number, permission in enumerate(PERMISSIONS):
        await aws.call("lambda", region, "add_permission", **of, StatementId=str(number), Principal="*", **permission)
    created = await aws.call("lambda", region, "create_function_url_config", **of, AuthType="NONE")
    return str(created["FunctionUrl"]).split("/")[2]


async def deploy(aws: Aws) -> None:
    """Both regions with a health function each, and the latency records that name the healthy ones."""
    zone = (
        await aws.call("route53", "us-east-1", "create_hosted_zone", Name="leaving.test", CallerReference="leaving")
    )["HostedZone"]["Id"]
    changes: list[Any] = []
    for key, region in REGIONS.items():
        check = await health_check(aws, key, await function_url(aws, key, region))
        record = record_set("x.leaving.test", "CNAME", key, Region=region, SetIdentifier=key, HealthCheckId=check)
        changes.append({"Action": "CREATE", "ResourceRecordSet": record})
    batch = {"Changes": changes}
    await aws.call("route53", "us-east-1", "change_resource_record_sets", HostedZoneId=zone, ChangeBatch=batch)


def test_a_region_that_is_unwell_leaves_dns_and_comes_back(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with watched_regions(ports, tmp_path) as aws:
            await deploy(aws)
            question = dns.message.make_query("x.leaving.test", "CNAME")

            async def named() -> str:
                answer = await dns.asyncquery.udp(question, LOOPBACK, 5, ports.dns["eu-west-2"])
                return str(answer.answer[0][0])

            async def until_named(key: str) -> None:
                async with asyncio.timeout(30):
                    while await named() != f"{key}.":  # noqa: ASYNC110 - DNS tells nobody of its changes
                        await asyncio.sleep(0.02)

            await until_named("ireland")
            for status, key in (("503", "sydney"), ("200", "ireland")):
                environment = {"Variables": {"STATUS": status}}
                of = {"FunctionName": "ireland-health", "Environment": environment}
                await aws.call("lambda", REGIONS["ireland"], "update_function_configuration", **of)
                await until_named(key)

    asyncio.run(story())


def test_a_domain_of_an_api_leads_to_the_listener_of_its_region(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with watched_regions(ports, tmp_path) as aws:
            certificate = await aws.certificate("led.test")
            created = await aws.call(
                "appsync", "ap-southeast-2", "create_domain_name", domainName="s.led.test", certificateArn=certificate
            )
            zone = await aws.call("route53", "us-east-1", "create_hosted_zone", Name="led.test", CallerReference="led")
            record = record_set("s.led.test", "CNAME", created["domainNameConfig"]["appsyncDomainName"])
            changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
            of = {"HostedZoneId": zone["HostedZone"]["Id"], "ChangeBatch": changes}
            await aws.call("route53", "us-east-1", "change_resource_record_sets", **of)
            find = Whereabouts(aws.control_plane, ports).port
            assert await find("s.led.test") == ports.regions["ap-southeast-2"]
            assert await find("abc.lambda-url.eu-west-1.on.aws") == ports.regions["eu-west-1"]
            assert await find("abc.lambda-url.nowhere-1.on.aws") is None
            assert await find("nothing.led.test") is None

    asyncio.run(story())

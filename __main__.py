"""One HTTPS endpoint for an API, served active/active from every region that the stack's config lists.

    viewer
      |  https://global-api.<domain>/graphql             GlobalEdge: simple CNAME, distribution, wildcard certificate
      v
    CloudFront, the nearest edge
      |  origin-request: which region is near?  -------> LatencyRouting: CNAME latency-routing.<domain> -> "ireland"
      v                                                  GlobalEdge's router: "ireland" -> its host, by a baked table
    ireland-appsync.<domain>      sydney-appsync.<domain>      ...
      |                             |                    RegionalApi, one a region: AppSync, custom domain,
      v                             v                    authorizer (token from ApiToken's copy in the region),
    resolvers -> tables           resolvers -> tables    resolvers and tables as api/ declares them

A region may take requests once all of it is up, the distribution knows its key and the token is there; so its latency
record comes last when the region is added, and goes first when it is removed.
"""

from pathlib import Path

import pulumi
import pulumi_aws as aws

from components import functions, stack_config, topology
from components.api_error import ApiError
from components.api_source import read_api
from components.api_token import ApiToken, ApiTokenArgs
from components.config_error import ConfigError
from components.global_edge import GlobalEdge, GlobalEdgeArgs
from components.hosted_zone import HostedZone, HostedZoneArgs
from components.latency_routing import LatencyRouting, LatencyRoutingArgs
from components.packages import PackageError
from components.regional_api import RegionalApi, RegionalApiArgs
from components.wildcard_certificate import WildcardCertificate, WildcardCertificateArgs

ROOT = Path(__file__).resolve().parent

# Everything that can be wrong with config or code is found here, before the first resource is registered.
try:
    stack = topology.load(stack_config.read())
    api = read_api(ROOT / "api", ROOT / ".build")
    router = functions.router(ROOT, stack)
    regional_packages = functions.regional(ROOT, api)
except (ConfigError, ApiError, PackageError) as error:
    raise pulumi.RunError(str(error)) from None

account_id = aws.get_caller_identity_output().account_id
zone_id = HostedZone("zone", HostedZoneArgs(topology=stack)).zone_id
certificate = WildcardCertificate("wildcard", WildcardCertificateArgs(domain=stack.domain, zone_id=zone_id))

regions = {
    region.key: RegionalApi(
        region.key,
        RegionalApiArgs(
            region=region,
            api=api,
            packages=regional_packages,
            token_secret=stack.token_secret,
            protected=stack.protected,
            account_id=account_id,
            zone_id=zone_id,
            certificate_arn=certificate.arn,
        ),
    )
    for region in stack.regions
}
edge = GlobalEdge(
    "edge",
    GlobalEdgeArgs(
        topology=stack,
        router=router,
        account_id=account_id,
        zone_id=zone_id,
        certificate_arn=certificate.arn,
    ),
)
# After the distribution, so that a removed region loses its copy only when no edge sends requests there any more.
token = ApiToken("token", ApiTokenArgs(topology=stack, after=[edge.distribution]))
LatencyRouting(
    "latency",
    LatencyRoutingArgs(
        topology=stack,
        zone_id=zone_id,
        live={key: [region, edge.distribution, token] for key, region in regions.items()},
    ),
    pulumi.ResourceOptions(parent=edge),
)

pulumi.export("url", stack.url)
pulumi.export("domain", stack.domain)
pulumi.export("regions", {region.key: region.name for region in stack.regions})
pulumi.export("hosts", {region.key: region.host for region in stack.regions})
pulumi.export("latencyRecord", stack.latency_record)
pulumi.export("distributionId", edge.distribution.id)
pulumi.export("tokenSecret", {"name": stack.token_secret, "region": topology.GLOBAL_REGION})
pulumi.export("token", token.token)

"""One HTTPS endpoint for an API, served active/active from every region that the stack's config lists.

    viewer
      |  https://global-api.<domain>/graphql             GlobalEdge: simple CNAME, distribution, wildcard certificate
      v
    CloudFront, the nearest edge
      |  origin-request: which region is near?  -------> LatencyRouting: CNAME latency-routing.<domain> -> "ireland",
      |                                                  of those that are healthy and not drained: HealthChecks
      v                                                  GlobalEdge's router: "ireland" -> its host, by a baked table
    ireland-appsync.<domain>      sydney-appsync.<domain>      ...
      |           ^                 |           ^        RegionalApi, one a region: AppSync, custom domain, resolvers,
      v           | publishes       v           |        authorizer (token from ApiToken's copy in the region)
    resolvers   FanOut            resolvers   FanOut     FanOut: each change in the region's stream to the region's
      |           ^                 |           ^        subscribers, whichever region it was written in
      v           | stream          v           |
    tables <------+-------------> tables <------+        GlobalTable: one table with an equal replica in each region;
      ^              replication    ^                    RegionalTable, for `data: regional`: each region its own
      |                             |
    EventBus                      EventBus               EventBus: the region's events, as mutations that write tables
    RegionalHealth                RegionalHealth         RegionalHealth: says at a URL of its own whether all of this
                                                         works, and whether an operator drained another region
    RegionAlarms                  RegionAlarms           RegionAlarms: tell people, by a topic, and Route 53

A region may take requests once all of it is up, the distribution knows its key, and its token and tables are there; so
its latency record comes last when the region is added, and goes first when it is removed. So does its place in the
EdgeStore, which `router: function` goes by; `antipodes up` refuses what would name it earlier (cli/new_regions.py).
"""

from pathlib import Path

import pulumi
import pulumi_aws as aws

from components import (
    data,
    functions,
    health,
    observability,
    propagation,
    regional_api,
    rotation,
    stack_config,
    topology,
)
from components.api_error import ApiError
from components.api_source import read_api
from components.api_token import ApiToken, ApiTokenArgs
from components.config_error import ConfigError
from components.global_edge import GlobalEdge, GlobalEdgeArgs
from components.hosted_zone import HostedZone, HostedZoneArgs
from components.outputs import Deployed, told
from components.packages import PackageError
from components.wildcard_certificate import WildcardCertificate, WildcardCertificateArgs

ROOT = Path(__file__).resolve().parent

# Everything that can be wrong with config or code is found here, before the first resource is registered.
try:
    stack = topology.load(stack_config.read(), stack_config.secret_keys())
    api = read_api(ROOT / "api", ROOT / ".build")
    code = functions.read(ROOT, stack, api)
except (ConfigError, ApiError, PackageError) as error:
    raise pulumi.RunError(str(error)) from None

account_id = aws.get_caller_identity_output().account_id
zone_id = HostedZone("zone", HostedZoneArgs(topology=stack)).zone_id
certificate = WildcardCertificate("wildcard", WildcardCertificateArgs(domain=stack.domain, zone_id=zone_id))

apis = regional_api.deploy(stack, api, code.regional, account_id, zone_id, certificate.arn)
edge = GlobalEdge(
    "edge",
    GlobalEdgeArgs(
        topology=stack, code=code.edge, account_id=account_id, zone_id=zone_id, certificate_arn=certificate.arn
    ),
)
# After the distribution, so that a removed region loses token and rows only when no edge sends requests there any more.
token = ApiToken("token", ApiTokenArgs(topology=stack, after=[edge.distribution]))
rows = data.deploy(stack, api.tables, after=[edge.distribution])

endpoints = {key: regional.endpoint for key, regional in apis.items()}
topics = observability.topics(stack, account_id)
heard = propagation.deploy(stack, api, code.fan_out, endpoints, rows, topics)
observed = observability.deploy(stack, api.tables, apis, heard, topics)
watched = health.deploy(stack, api, code, endpoints, heard, observed.routed)
live = {
    key: [regional, edge.distribution, token, *rows[key].tables, *heard[key].resources, watched[key].endpoint]
    for key, regional in apis.items()
}
rotation.deploy(stack, edge, zone_id, watched, live)

deployed = Deployed(
    topology=stack, api=api, code=code, zone_id=zone_id, token=token, edge=edge, apis=apis, heard=heard, watched=watched
)
for name, value in {**told(deployed), **observability.outputs(observed)}.items():
    pulumi.export(name, value)

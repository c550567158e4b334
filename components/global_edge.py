"""The global endpoint: what every client connects to, wherever it is."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import config_secrets, origin_headers
from components.edge_function import EdgeFunction, EdgeFunctionArgs
from components.edge_router import EdgeRouter, EdgeRouterArgs
from components.packages import Package
from components.topology import Topology

# "Use managed cache policies" and "Use managed origin request policies" in the Amazon CloudFront Developer Guide.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"

# TEST-NET-1 of RFC 5737: resolves, and nobody ever answers there.
_NOBODY = "192.0.2.1"
_ORIGIN = "default"
_TTL = 300  # seconds


@dataclass(frozen=True, kw_only=True)
class EdgeCode:
    """`router` runs on Lambda@Edge, on the way to the origin; `script` in CloudFront itself, on the viewer's request.

    Where there is no `router`, `script` is one.
    """

    router: Package | None
    script: str | None


@dataclass(frozen=True, kw_only=True)
class GlobalEdgeArgs:
    """The certificate covers the topology's host and lies in us-east-1; the zone is that of its domain."""

    topology: Topology
    code: EdgeCode
    account_id: pulumi.Input[str]
    zone_id: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]


class GlobalEdge(pulumi.ComponentResource):
    """CloudFront with the router in the way of every request, and the one name that leads there.

    CloudFront resolves the default origin before it calls the router, and answers 502 if that fails; so the default is
    a name of our own that always resolves and belongs to no region. A request that the router did not send on dies
    there, rather than reach a region by accident.

    Whichever code it runs, the distribution changes from one to another in one step, and only when the other is there;
    what it no longer runs is deleted after that, or retained where CloudFront has replicas of it.
    """

    distribution: aws.cloudfront.Distribution
    outputs: dict[str, Any]
    """What the stack tells of it; `edgeRouter` only where the router is a Lambda function."""
    store_arn: pulumi.Output[str] | None
    """Of the store that the router goes by, which then has to be filled; None where it asks DNS."""

    def __init__(self, name: str, args: GlobalEdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:GlobalEdge", name, {}, opts)
        child_opts = pulumi.ResourceOptions(parent=self)
        topology = args.topology
        config_secrets.warn_of_plain_text(topology.origin_headers)

        routers = self._routers(name, args, child_opts)
        scripts = self._scripts(name, args, child_opts)
        self.store_arn = next((each.store_arn for each in scripts), None)
        default_origin = aws.route53.Record(
            f"{name}-default-origin",
            zone_id=args.zone_id,
            name=topology.default_origin,
            type="A",
            ttl=_TTL,
            records=[_NOBODY],
            opts=child_opts,
        )
        self.distribution = aws.cloudfront.Distribution(
            f"{name}-distribution",
            enabled=True,
            comment=topology.host,
            aliases=[topology.host],
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class="PriceClass_All",
            # No Origin Shield: the router would run in the shield's region, and find that region near for everyone.
            origins=[
                {
                    "origin_id": _ORIGIN,
                    "domain_name": topology.default_origin,
                    # These hold for the origin that the router names, too: a region that hangs costs a viewer seconds.
                    # Of a request whose connection never came to be nothing was sent, so that even a write may be
                    # tried again.
                    "connection_attempts": 2,
                    "connection_timeout": 3,
                    "custom_origin_config": {
                        "http_port": 80,
                        "https_port": 443,
                        "origin_protocol_policy": "https-only",
                        "origin_ssl_protocols": ["TLSv1.2"],
                        "origin_read_timeout": 30,
                        "origin_keepalive_timeout": 60,
                    },
                    # Secret whether or not the stack's file encrypts them: plain in neither state nor output.
                    "custom_headers": [
                        {"name": name, "value": pulumi.Output.secret(part)}
                        for name, part in origin_headers.packed(topology.origin_headers).items()
                    ],
                }
            ],
            default_cache_behavior={
                "target_origin_id": _ORIGIN,
                "viewer_protocol_policy": "https-only",
                "allowed_methods": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
                "cached_methods": ["GET", "HEAD"],
                "compress": True,
                "cache_policy_id": CACHING_DISABLED,
                "origin_request_policy_id": ALL_VIEWER,
                "lambda_function_associations": [
                    {"event_type": "origin-request", "lambda_arn": each.version_arn, "include_body": False}
                    for each in routers
                ],
                "function_associations": [
                    {"event_type": "viewer-request", "function_arn": each.arn} for each in scripts
                ],
            },
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            viewer_certificate={
                "acm_certificate_arn": args.certificate_arn,
                "ssl_support_method": "sni-only",
                "minimum_protocol_version": "TLSv1.2_2021",
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=[default_origin, *routers, *scripts]),
        )
        aws.route53.Record(
            f"{name}-record",
            zone_id=args.zone_id,
            name=topology.host,
            type="CNAME",
            ttl=_TTL,
            records=[self.distribution.domain_name],
            opts=child_opts,
        )
        told = [{"edgeRouter": {"function": each.function_name, "version": each.version_arn}} for each in routers]
        self.outputs = {"distributionId": self.distribution.id, **next(iter(told), {})}
        self.register_outputs({"distributionId": self.distribution.id, "url": topology.url})

    @staticmethod
    def _routers(name: str, args: GlobalEdgeArgs, opts: pulumi.ResourceOptions) -> list[EdgeRouter]:
        if args.code.router is None:
            return []
        what = EdgeRouterArgs(domain=args.topology.domain, package=args.code.router, account_id=args.account_id)
        return [EdgeRouter(f"{name}-router", what, opts)]

    @staticmethod
    def _scripts(name: str, args: GlobalEdgeArgs, opts: pulumi.ResourceOptions) -> list[EdgeFunction]:
        """Each script has a name of its own, so that none runs in another's place before the distribution changes."""
        if args.code.script is None:
            return []
        if args.code.router is None:
            what = EdgeFunctionArgs(code=args.code.script, comment=f"{args.topology.host}: routes", has_store=True)
            return [EdgeFunction(f"{name}-function", what, opts)]
        what = EdgeFunctionArgs(code=args.code.script, comment=f"{args.topology.host}: tells the edge location")
        return [EdgeFunction(f"{name}-place", what, opts)]

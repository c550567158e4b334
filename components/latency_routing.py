"""The records by which Route 53 tells the router which region is near."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.topology import Topology

_TTL_UNCHECKED = 60  # seconds: of records that nobody asks for


@dataclass(frozen=True, kw_only=True)
class LatencyRoutingArgs:
    """`live` maps a region's key to what must be up before any request is sent there.

    `checks` maps it to the id of the health check by which Route 53 names the region; empty where nobody asks DNS.
    """

    topology: Topology
    zone_id: pulumi.Input[str]
    checks: Mapping[str, pulumi.Input[str]]
    live: Mapping[str, Sequence[pulumi.Resource]]


class LatencyRouting(pulumi.ComponentResource):
    """One CNAME a region, all of one name; the answer is the region's key, for the router to look up.

    Not a host: what comes out of DNS must never be a place to send requests to. A region whose check fails is not
    named; where all of them fail, Route 53 names them as if none did.
    """

    def __init__(self, name: str, args: LatencyRoutingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:LatencyRouting", name, {}, opts)
        topology = args.topology
        # How long viewers still go to a region after its record has gone, or its check has failed.
        ttl = topology.failover.ttl if topology.failover else _TTL_UNCHECKED
        for region in topology.serving:
            aws.route53.Record(
                f"{name}-{region.key}",
                zone_id=args.zone_id,
                name=topology.latency_record,
                type="CNAME",
                ttl=ttl,
                records=[region.key],
                set_identifier=region.key,
                health_check_id=args.checks.get(region.key),
                latency_routing_policies=[{"region": region.name}],
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.live[region.key])),
            )
        self.register_outputs({"record": topology.latency_record})

"""The records by which Route 53 tells the router which region is near."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.topology import Topology

_TTL = 60  # seconds: how long viewers still go to a region after its record has gone


@dataclass(frozen=True, kw_only=True)
class LatencyRoutingArgs:
    """`live` maps a region's key to what must be up before any request is sent there."""

    topology: Topology
    zone_id: pulumi.Input[str]
    live: Mapping[str, Sequence[pulumi.Resource]]


class LatencyRouting(pulumi.ComponentResource):
    """One CNAME a region, all of one name; the answer is the region's key, for the router to look up.

    Not a host: what comes out of DNS must never be a place to send requests to.
    """

    def __init__(self, name: str, args: LatencyRoutingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:LatencyRouting", name, {}, opts)
        topology = args.topology
        for region in topology.serving:
            aws.route53.Record(
                f"{name}-{region.key}",
                zone_id=args.zone_id,
                name=topology.latency_record,
                type="CNAME",
                ttl=_TTL,
                records=[region.key],
                set_identifier=region.key,
                latency_routing_policies=[{"region": region.name}],
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.live[region.key])),
            )
        self.register_outputs({"record": topology.latency_record})

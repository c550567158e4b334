"""The records by which Route 53 tells the router whether a region is alive that it did not name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.failover import Failover
from components.topology import Topology

DEAD = "unhealthy.invalid"
"""What the router takes for a dead region (edge/router/liveness.py): a name of nothing (RFC 6761), and no key."""


@dataclass(frozen=True, kw_only=True)
class LivenessRecordsArgs:
    """`checks` maps a region's key to the id of its health check, `live` to what must be up before it is asked for."""

    topology: Topology
    failover: Failover
    zone_id: pulumi.Input[str]
    checks: Mapping[str, pulumi.Input[str]]
    live: Mapping[str, Sequence[pulumi.Resource]]


class LivenessRecords(pulumi.ComponentResource):
    """For each region a name that answers with its key while its check succeeds, and with `DEAD` while that fails.

    The latency record cannot tell: it names one region for a place, and says nothing of the others. Two failover
    records can ("Active-passive failover" in the Route 53 Developer Guide); the second has no check, so it always may
    answer.
    """

    def __init__(self, name: str, args: LivenessRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:LivenessRecords", name, {}, opts)
        for key, record in args.topology.liveness_records.items():
            for role, value, check in (("PRIMARY", key, args.checks[key]), ("SECONDARY", DEAD, None)):
                aws.route53.Record(
                    f"{name}-{key}-{role.lower()}",
                    zone_id=args.zone_id,
                    name=record,
                    type="CNAME",
                    ttl=args.failover.ttl,
                    records=[value],
                    set_identifier=role.lower(),
                    health_check_id=check,
                    failover_routing_policies=[{"type": role}],
                    opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.live[key])),
                )
        self.register_outputs({"records": args.topology.liveness_records})

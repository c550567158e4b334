"""By what the edge finds a region: its latency record and those of its health, or its place in the edge's own store."""

from collections.abc import Mapping, Sequence

import pulumi

from components import health
from components.edge_store import EdgeStore, EdgeStoreArgs
from components.global_edge import GlobalEdge
from components.health import Health
from components.latency_routing import LatencyRouting, LatencyRoutingArgs
from components.liveness_records import LivenessRecords, LivenessRecordsArgs
from components.topology import Topology


def deploy(
    topology: Topology,
    edge: GlobalEdge,
    zone_id: pulumi.Input[str],
    watched: Mapping[str, Health],
    live: Mapping[str, Sequence[pulumi.Resource]],
) -> None:
    """Brings regions into rotation: the last step when one is added, and the first when one is removed.

    `live` maps a region's key to what must be up before any request is sent there.
    """
    below_edge = pulumi.ResourceOptions(parent=edge)
    checks = health.combined(watched)
    LatencyRouting(
        "latency", LatencyRoutingArgs(topology=topology, zone_id=zone_id, checks=checks, live=live), below_edge
    )
    if topology.failover and topology.liveness_records:
        LivenessRecords(
            "liveness",
            LivenessRecordsArgs(
                topology=topology, failover=topology.failover, zone_id=zone_id, checks=checks, live=live
            ),
            below_edge,
        )
    if edge.store_arn is not None:
        EdgeStore("edge-store", EdgeStoreArgs(topology=topology, store_arn=edge.store_arn, live=live), below_edge)

"""A DynamoDB table whose rows are in every region: the data of `data: replicated`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import tables
from components.api_tables import Table
from components.topology import Region, Topology


@dataclass(frozen=True, kw_only=True)
class GlobalTableArgs:
    """`home` owns the table: another home is another table.

    `after`: what must have forgotten a removed region before the region loses its replica.
    """

    topology: Topology
    home: Region
    table: Table
    after: Sequence[pulumi.Resource]


class GlobalTable(pulumi.ComponentResource):
    """A global table (version 2019.11.21): the home's table, and a replica that is its equal in each other region.

    A resource of its own for each replica would not tell the replica's stream, so the table lists them all. They are a
    set: a region that comes or goes, wherever it is written, changes the table in place.
    """

    stream_arns: dict[str, pulumi.Output[str]]
    """By the region's key."""

    def __init__(self, name: str, args: GlobalTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:GlobalTable", name, {}, opts)
        topology, home = args.topology, args.home
        others = [region for region in topology.regions if region != home]
        table = aws.dynamodb.Table(
            f"{name}-table",
            tables.settings(
                topology,
                args.table,
                home.name,
                replicas=[_replica(topology, region) for region in sorted(others, key=lambda each: each.name)],
            ),
            tables.options(self, args.after),
        )
        self.stream_arns = {home.key: table.stream_arn} | {
            region.key: _stream_arn(table, region.name) for region in others
        }
        self.register_outputs({"tableName": table.name, "streamArns": self.stream_arns})


def _replica(topology: Topology, region: Region) -> aws.dynamodb.TableReplicaArgs:
    """With the settings that DynamoDB does not carry over from the table."""
    return aws.dynamodb.TableReplicaArgs(
        region_name=region.name,
        point_in_time_recovery=True,
        deletion_protection_enabled=topology.protected,
        propagate_tags=True,
        consistency_mode="STRONG" if topology.strong else None,
    )


def _stream_arn(table: aws.dynamodb.Table, region: str) -> pulumi.Output[str]:
    """Found by its region, because AWS tells the replicas in an order of its own."""

    def of_region(replicas: Any) -> Any:
        if not isinstance(replicas, list):
            return pulumi.UNKNOWN
        return {replica.region_name: replica.stream_arn for replica in replicas}[region]

    # A preview that adds a region knows the streams of the others: told one by one, they are not taken for new.
    return table.replicas.apply(of_region, run_with_unknowns=True)

"""A DynamoDB table of one region: the data of `data: regional`, which no other region sees."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import tables
from components.api_tables import Table
from components.topology import Region, Topology


@dataclass(frozen=True, kw_only=True)
class RegionalTableArgs:
    """Where, and which of the API's tables."""

    topology: Topology
    region: Region
    table: Table


class RegionalTable(pulumi.ComponentResource):
    """One declared table in one region. It has the same name in each, and rows of its own."""

    stream_arn: pulumi.Output[str]

    def __init__(self, name: str, args: RegionalTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:RegionalTable", name, {}, opts)
        table = aws.dynamodb.Table(
            f"{name}-table",
            tables.settings(args.topology, args.table, args.region.name),
            tables.options(self),
        )
        self.stream_arn = table.stream_arn
        self.register_outputs({"tableName": table.name, "streamArn": self.stream_arn})

"""A DynamoDB table of one region: the data of `data: regional`, which no other region sees."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.api_tables import Key, Table

_READ = ["BatchGetItem", "ConditionCheckItem", "GetItem", "Query", "Scan"]
_WRITE = ["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"]


@dataclass(frozen=True, kw_only=True)
class RegionalTableArgs:
    """A protected table refuses to be deleted."""

    region: str
    table: Table
    protected: bool


class RegionalTable(pulumi.ComponentResource):
    """One declared table in one region: pay per request, encrypted, restorable to any second of the last 35 days."""

    arn: pulumi.Output[str]
    table_name: pulumi.Output[str]

    def __init__(self, name: str, args: RegionalTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:RegionalTable", name, {}, opts)
        declared = args.table
        table = aws.dynamodb.Table(
            f"{name}-table",
            attributes=[{"name": attribute, "type": kind} for attribute, kind in declared.attributes.items()],
            hash_key=declared.key.partition,
            range_key=declared.key.sort,
            global_secondary_indexes=[_index(index, key) for index, key in declared.indexes.items()],
            billing_mode="PAY_PER_REQUEST",
            point_in_time_recovery={"enabled": True},
            server_side_encryption={"enabled": True},
            deletion_protection_enabled=args.protected,
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn, self.table_name = table.arn, table.name
        self.register_outputs({"arn": self.arn, "tableName": self.table_name})

    def grant_use(self) -> iam.Statement:
        """Reading and writing items of the table, through its indexes too; not changing the table itself."""
        return iam.allow(
            [f"dynamodb:{action}" for action in (*_READ, *_WRITE)],
            [self.arn, pulumi.Output.concat(self.arn, "/index/*")],
        )


def _index(name: str, key: Key) -> aws.dynamodb.TableGlobalSecondaryIndexArgsDict:
    kinds = ("HASH", "RANGE")
    schema: list[aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgsDict] = [
        {"attribute_name": attribute, "key_type": kind} for attribute, kind in zip(key.attributes, kinds, strict=False)
    ]
    return {"name": name, "key_schemas": schema, "projection_type": "ALL"}

"""What every table is, wherever its rows live: its settings, its name in policies, and what its users may do."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components import iam, topology
from components.api_tables import Key, Table
from components.topology import DOMAIN_TAG, Topology

CANARY = Table(topology.CANARY, Key({"id": "S"}), {})
"""The project's own, and no resolver's: operations and the health functions of the regions use it.

Its items, by their `id`: a UUID, by which operations probe replication; `health/<key>`, which that region's health
function writes and reads back; `drain/<key>`, that region's drain switch, which lies in other regions; and
`operation/<time>-<uuid>`, what an operator did. `expires` is when DynamoDB may drop an item, in seconds since 1970.
"""

_READ = ["BatchGetItem", "ConditionCheckItem", "GetItem", "Query", "Scan"]
_WRITE = ["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"]


def table_arn(region: str, account_id: pulumi.Input[str], name: str) -> pulumi.Output[str]:
    """The ARN of the table with this physical name, which need not exist yet."""
    return pulumi.Output.concat(f"arn:aws:dynamodb:{region}:", account_id, f":table/{name}")


def grant_use(region: str, account_id: pulumi.Input[str], name: str) -> iam.Statement:
    """Reading and writing items of the table, through its indexes too; not changing the table itself."""
    arn = table_arn(region, account_id, name)
    return iam.allow(
        [f"dynamodb:{action}" for action in (*_READ, *_WRITE)],
        [arn, pulumi.Output.concat(arn, "/index/*")],
    )


def settings(
    topology: Topology,
    table: Table,
    region: str,
    *,
    replicas: Sequence[aws.dynamodb.TableReplicaArgs] | None = None,
) -> aws.dynamodb.TableArgs:
    """Pay per request, encrypted, restorable to any second of the last 35 days, and every change told in a stream."""
    return aws.dynamodb.TableArgs(
        name=topology.table_name(table.name),
        attributes=[
            aws.dynamodb.TableAttributeArgs(name=attribute, type=kind) for attribute, kind in table.attributes.items()
        ],
        hash_key=table.key.partition,
        range_key=table.key.sort,
        global_secondary_indexes=[_index(name, key) for name, key in table.indexes.items()],
        billing_mode="PAY_PER_REQUEST",
        point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True),
        server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(enabled=True),
        stream_enabled=True,
        stream_view_type="NEW_AND_OLD_IMAGES",
        ttl=_time_to_live(topology, table),
        deletion_protection_enabled=topology.protected,
        replicas=replicas,
        tags={DOMAIN_TAG: topology.domain, "antipodes:table": table.name},
        region=region,
    )


def options(parent: pulumi.Resource, after: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
    """Where a change asks for another table, making it fails on the name that is taken, and the rows stay.

    Left to itself, the provider would delete the old one first, because a table's name is not of its own making.
    """
    return pulumi.ResourceOptions(parent=parent, depends_on=list(after), delete_before_replace=False)


def _time_to_live(topology: Topology, table: Table) -> aws.dynamodb.TableTtlArgs | None:
    """DynamoDB has none with strong consistency ("How DynamoDB global tables work" in its Developer Guide)."""
    if table != CANARY or topology.strong:
        return None
    return aws.dynamodb.TableTtlArgs(attribute_name="expires", enabled=True)


def _index(name: str, key: Key) -> aws.dynamodb.TableGlobalSecondaryIndexArgs:
    schema = [
        aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(attribute_name=attribute, key_type=kind)
        for attribute, kind in zip(key.attributes, ("HASH", "RANGE"), strict=False)
    ]
    return aws.dynamodb.TableGlobalSecondaryIndexArgs(name=name, key_schemas=schema, projection_type="ALL")

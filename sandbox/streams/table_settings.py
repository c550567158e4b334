"""What the replicas of a global table have in common, and what is each one's own.

Source: DynamoDB Developer Guide, "How DynamoDB global tables work", on the synchronization of settings.
"""

from typing import Any

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}

# The members of UpdateTable that concern one replica alone; every other one concerns all.
OWN = frozenset({"DeletionProtectionEnabled", "TableName"})

# MRSC replicas lie all in one of these (Developer Guide, "Multi-Region strong consistency").
REGION_SETS = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
)
STRONG_REGIONS = 3

_KEPT = ("AttributeDefinitions", "KeySchema", "OnDemandThroughput", "TableName")


def definition(table: dict[str, Any]) -> dict[str, Any]:
    """The parameters of CreateTable for a replica of a table, from the table's description."""
    found = {name: table[name] for name in _KEPT if name in table}
    mode = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    is_provisioned = mode == "PROVISIONED"
    found["BillingMode"] = mode
    found["StreamSpecification"] = STREAM
    if is_provisioned:
        found["ProvisionedThroughput"] = _throughput(table)
    if table.get("SSEDescription", {}).get("Status") == "ENABLED":
        found["SSESpecification"] = {"Enabled": True}
    if "TableClassSummary" in table:
        found["TableClass"] = table["TableClassSummary"]["TableClass"]
    for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if indexes := table.get(kind):
            found[kind] = [
                {name: index[name] for name in ("IndexName", "KeySchema", "Projection")} for index in indexes
            ]
    if is_provisioned:
        for index, described in zip(
            found.get("GlobalSecondaryIndexes", []), table.get("GlobalSecondaryIndexes", []), strict=True
        ):
            index["ProvisionedThroughput"] = _throughput(described)
    return found


def _throughput(described: dict[str, Any]) -> dict[str, int]:
    units = described["ProvisionedThroughput"]
    return {name: units[name] for name in ("ReadCapacityUnits", "WriteCapacityUnits")}

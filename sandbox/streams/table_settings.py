"""What the replicas of a global table have in common, and what is each one's own.

Source: DynamoDB Developer Guide, "How DynamoDB global tables work", on the synchronization of settings.
"""

from typing import Any

from sandbox.extensions.call import AwsError

STRONG = "STRONG"
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}

# The members of UpdateTable that concern one replica alone; every other one concerns all.
OWN = frozenset({"DeletionProtectionEnabled", "TableName"})

# MRSC replicas lie all in one of these (Developer Guide, "Multi-Region strong consistency").
_REGION_SETS = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
)
_STRONG_REGIONS = 3

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


def require_strong(
    regions: set[str], table: dict[str, Any], expiry: dict[str, Any], *, has_replicas: bool, has_rows: bool
) -> None:
    """Raises `AwsError` where a table cannot become strongly consistent over these regions, its own among them."""
    problems = {
        "the mode of a table that has replicas is fixed": has_replicas,
        f"it takes exactly {_STRONG_REGIONS} regions, not {len(regions)}": len(regions) != _STRONG_REGIONS,
        f"{', '.join(sorted(regions))} are not of one region set": not any(regions <= s for s in _REGION_SETS),
        "it must be empty": has_rows,
        "Time to Live is not supported": expiry["TimeToLiveStatus"] == "ENABLED",
        "local secondary indexes are not supported": bool(table.get("LocalSecondaryIndexes")),
    }
    if found := [problem for problem, is_there in problems.items() if is_there]:
        raise invalid(f"{table['TableName']} cannot be strongly consistent: {'; '.join(found)}.")


def invalid(message: str) -> AwsError:
    """DynamoDB's refusal of what a call asks for."""
    return AwsError("ValidationException", message)

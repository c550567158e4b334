"""What the inputs of a DynamoDB table, in a plan or in a state, say of it."""

from collections.abc import Iterable, Mapping
from typing import Any

TABLE = "aws:dynamodb/table:Table"

CANARY = "antipodes-canary"
"""The table that holds what operations and health checks write, and no rows of anybody's."""


def protection(table: Mapping[str, Any]) -> dict[str, bool]:
    """AWS region -> whether the table that is there refuses deletion. Of no inputs, no table."""
    if not table:
        return {}
    there = {table.get("region", ""): bool(table.get("deletionProtectionEnabled"))}
    return there | {
        replica["regionName"]: bool(replica.get("deletionProtectionEnabled")) for replica in table.get("replicas") or ()
    }


def declared_name(table: Mapping[str, Any]) -> str:
    """What the API calls the table."""
    return str((table.get("tags") or {}).get("antipodes:table", table.get("name")))


def listed(tables: Iterable[tuple[str, str]]) -> str:
    """`comments, events in eu-west-1, us-east-1; events in us-west-2`, from each region and name."""
    names: dict[str, list[str]] = {}
    for region, name in sorted(tables):
        names.setdefault(region, []).append(name)
    regions: dict[str, list[str]] = {}
    for region, those in names.items():
        regions.setdefault(", ".join(those), []).append(region)
    return "; ".join(f"{those} in {', '.join(where)}" for those, where in regions.items())

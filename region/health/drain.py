"""Whether an operator has drained a region, by what lies in this one."""

import re
from collections.abc import Mapping
from typing import Any

_KEY = re.compile(r"[a-z][a-z0-9-]{0,29}")  # of a region, as the stack's config has it


def key_of(path: str) -> str | None:
    """The region that the path `/drain/<key>` asks for; None of any other path."""
    key = path.removeprefix("/drain/")
    return key if key != path and _KEY.fullmatch(key) else None


def is_drained(item: Mapping[str, Any]) -> bool:
    """By the region's item, which has no attributes where there is none."""
    return item.get("drained") == {"BOOL": True}


def read(client: Any, table: str, key: str) -> bool:
    """Whether the region `key` is drained, by this region's copy of the canary table.

    Raises:
        Exception: what botocore raises where it cannot be read.
    """
    answer = client.get_item(TableName=table, Key={"id": {"S": f"drain/{key}"}}, ConsistentRead=True)
    return is_drained(answer.get("Item", {}))

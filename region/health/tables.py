"""Whether the region's tables can be read."""

from collections.abc import Mapping
from typing import Any

_NOBODY = {"S": "antipodes/health", "N": "-0.5", "B": b"antipodes/health"}
"""By the type of a key's attribute: values that no item is likely to have; one that has them does no harm."""


def read(client: Any, table: str, key: Mapping[str, str]) -> None:
    """Looks for an item that is not there.

    Args:
        client: of DynamoDB.
        table: the physical name.
        key: attribute to type.

    Raises:
        Exception: what botocore raises where the table cannot be read.
    """
    client.get_item(TableName=table, Key={name: {kind: _NOBODY[kind]} for name, kind in key.items()})

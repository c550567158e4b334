"""Lists, a page at a time."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from api.errors import InvalidArgumentError

LARGEST = 100


def read(operation: Any, arguments: Mapping[str, Any], **query: Any) -> dict[str, Any]:
    """A page of a connection type, from `operation`: a table's `scan` or `query`, called with `query`.

    Raises:
        InvalidArgumentError: `limit` or `nextToken` cannot be used.
    """
    query["Limit"] = _limit(arguments.get("limit"))
    if arguments.get("nextToken"):
        query["ExclusiveStartKey"] = _start(arguments["nextToken"])
    found = operation(**query)
    last = found.get("LastEvaluatedKey")
    return {"items": found["Items"], "nextToken": _token(last) if last else None}


def _limit(limit: int | None) -> int:
    if limit is None:
        return LARGEST
    if not 1 <= limit <= LARGEST:
        raise InvalidArgumentError(f"limit is {limit}; it goes from 1 to {LARGEST}.")
    return limit


def _token(key: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _start(token: str) -> dict[str, str]:
    try:
        key = json.loads(base64.urlsafe_b64decode(token.encode()))
    except ValueError:
        key = None
    if not isinstance(key, dict) or not all(isinstance(part, str) for part in key.values()):
        raise InvalidArgumentError("nextToken is none of those that this list gave out.")
    return key

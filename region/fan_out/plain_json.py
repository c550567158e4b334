"""Items as plain JSON, which is what a GraphQL field resolves from."""

from collections.abc import Mapping
from typing import Any


def plain(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """`item` without DynamoDB's types, as a resolver would have read it.

    Whole numbers keep every digit here, but not in the publish mutation's resolver: to JavaScript each number is a
    double, so over 2**53 subscribers are told the nearest one. Others are doubles already, as GraphQL's Float is. A set
    becomes a list. Binary stays base64, as the stream has it.

    Raises:
        ValueError: it has a type that DynamoDB does not ("AttributeValue" in the Amazon DynamoDB API Reference).
    """
    return {name: _value(value) for name, value in item.items()}


def _value(typed: Mapping[str, Any]) -> Any:
    ((kind, value),) = typed.items()
    match kind:
        case "M":
            return plain(value)
        case "L":
            return [_value(each) for each in value]
        case "N":
            return _number(value)
        case "NS":
            return [_number(each) for each in value]
        case "NULL":
            return None
        case "S" | "BOOL" | "B" | "SS" | "BS":
            return value
    raise ValueError(f"DynamoDB has no type {kind!r}")


def _number(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:
        return float(digits)

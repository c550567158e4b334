"""Filters of lists, as the schema's filter inputs state them."""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import and_
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from api.errors import InvalidArgumentError

_CONDITIONS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda attribute, value: attribute.eq(value),
    "ne": lambda attribute, value: attribute.ne(value),
    "lt": lambda attribute, value: attribute.lt(value),
    "le": lambda attribute, value: attribute.lte(value),
    "gt": lambda attribute, value: attribute.gt(value),
    "ge": lambda attribute, value: attribute.gte(value),
    "between": lambda attribute, value: attribute.between(*_two(value)),
    "beginsWith": lambda attribute, value: attribute.begins_with(value),
    "contains": lambda attribute, value: attribute.contains(value),
    "notContains": lambda attribute, value: ~attribute.contains(value),
}


def condition(stated: Mapping[str, Mapping[str, Any] | None] | None) -> ConditionBase | None:
    """The DynamoDB condition that all stated ones make together; None where none is stated.

    Raises:
        InvalidArgumentError: `between` has not exactly two values.
    """
    conditions = [
        _CONDITIONS[name](Attr(attribute), value)
        for attribute, tests in (stated or {}).items()
        for name, value in (tests or {}).items()
        if value is not None
    ]
    return reduce(and_, conditions) if conditions else None


def _two(values: list[Any]) -> tuple[Any, Any]:
    match values:
        case [low, high]:
            return low, high
    raise InvalidArgumentError(f"between takes two values, the lowest and the highest; it got {len(values)}.")

"""What a subscriber gets of a mutation's result: the fields of its own selection, as far as the mutation selected them.

Source: "Using subscriptions for real-time data applications in AWS AppSync". The data is what a GraphQL engine would
make of the result, without running one for each subscriber; every missing value is an error of its own, as AppSync
reports them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType

from sandbox.appsync.errors import FieldError, field_error, null_error

TYPENAME = "__typename"


@dataclass(frozen=True)
class Field:
    """A field of a selection; `below` has, by the name of an object type, what is selected of it."""

    key: str
    name: str
    parent: str
    type: GraphQLOutputType
    refusal: FieldError | None
    below: "Mapping[str, tuple[Field, ...]] | None"


def payload(field: Field, result: Mapping[str, Any]) -> dict[str, Any]:
    """Data and errors of a subscription that selects `field`, whose value is the mutation's `result`."""
    errors: list[dict[str, Any]] = []
    value = _value(field, field.type, result, [field.key], errors)
    data = None if value is _BROKEN else {field.key: value}
    return {"data": data, "errors": errors} if errors else {"data": data}


class _Broken:
    """A null that a non-null type does not allow; it is reported, and makes null what contains it."""


_BROKEN = _Broken()


def _value(
    field: Field, type_: GraphQLOutputType, value: Any, path: list[str | int], errors: list[dict[str, Any]]
) -> Any:
    if not isinstance(type_, GraphQLNonNull):
        nullable = _nullable(field, type_, value, path, errors)
        return None if nullable is _BROKEN else nullable
    found = _nullable(field, type_.of_type, value, path, errors)
    if found is None:
        errors.append(null_error(str(type_.of_type), field.parent, path))
        return _BROKEN
    return found


def _nullable(
    field: Field, type_: GraphQLOutputType, value: Any, path: list[str | int], errors: list[dict[str, Any]]
) -> Any:
    if value is None or (field.below is None and not isinstance(type_, GraphQLList)):
        return value
    if isinstance(type_, GraphQLList):
        items = [_value(field, type_.of_type, item, [*path, n], errors) for n, item in enumerate(value)]
        return _BROKEN if any(item is _BROKEN for item in items) else items
    return _object(field, value, path, errors)


def _object(field: Field, value: Mapping[str, Any], path: list[str | int], errors: list[dict[str, Any]]) -> Any:
    below = field.below or {}
    # Where the type is open, it is what the mutation selected of it.
    name = next(iter(below)) if len(below) == 1 else str(value.get(TYPENAME))
    data: dict[str, Any] = {}
    for each in below.get(name, ()):
        where = [*path, each.key]
        if each.refusal:
            errors.append(field_error(each.refusal, where, None))
            data[each.key] = _BROKEN if isinstance(each.type, GraphQLNonNull) else None
        else:
            own = name if each.name == TYPENAME else value.get(each.name)
            data[each.key] = _value(each, each.type, own, where, errors)
    return _BROKEN if any(item is _BROKEN for item in data.values()) else data

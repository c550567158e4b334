"""Subscriptions that a mutation ends: `invalidateSubscriptions` by its resolver, the filter by the subscription's own.

Sources: "Unsubscribing WebSocket connections using filters in AWS AppSync", "Extensions" of the JavaScript resolver
reference, and the operators of "Defining enhanced subscriptions filters in AWS AppSync". Of a field that the payload
lacks, and of values of different kinds, the documentation does not speak: here they meet no condition, not even `ne`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from sandbox.appsync.errors import FieldError

INVALIDATE, FILTER = "invalidateSubscriptions", "setSubscriptionInvalidationFilter"

MOST_A_REQUEST = 5
"""Unique calls of `invalidateSubscriptions` in one request."""

_MOST_IN, _MOST_CONTAINS_ANY = 5, 20  # values of the operators `in` and `notIn`, and of `containsAny`


@dataclass(frozen=True)
class Invalidation:
    """What a mutation ends: the subscriptions of a field whose filter the payload meets."""

    field: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Filter:
    """Groups of conditions on a payload: it is met where all conditions of any group are."""

    groups: tuple[tuple[Callable[[Mapping[str, Any]], bool], ...], ...]

    def meets(self, payload: Mapping[str, Any]) -> bool:
        return any(all(condition(payload) for condition in group) for group in self.groups)


def misplaced(extension: str, _argument: Any) -> NoReturn:
    """Refuses an extension where it may not be called.

    Raises:
        FieldError: always.
    """
    where = {INVALIDATE: "mutation", FILTER: "subscription"}[extension]
    raise FieldError("Code", f"extensions.{extension} is for the response handler of a {where}'s resolver.")


def read_invalidation(asked: Any) -> Invalidation:
    """The argument of `invalidateSubscriptions`.

    Raises:
        FieldError: it is none.
    """
    match asked:
        case {"subscriptionField": str(field), "payload": dict(payload), **more} if not more:
            return Invalidation(field, payload)
    raise FieldError("Code", "extensions.invalidateSubscriptions takes {subscriptionField: <text>, payload: <object>}.")


def read_filter(asked: Any) -> Filter:
    """The argument of `setSubscriptionInvalidationFilter`.

    Raises:
        FieldError: it is no filter, or has an operator that there is not.
    """
    match asked:
        case {"filterGroup": [_, *_] as groups, **more} if not more:
            return Filter(tuple(_group(group) for group in groups))
    raise _refused("{filterGroup: [...]}, not empty")


def _group(asked: Any) -> tuple[Callable[[Mapping[str, Any]], bool], ...]:
    match asked:
        case {"filters": [_, *_] as filters, **more} if not more:
            return tuple(_condition(each) for each in filters)
    raise _refused("groups of the form {filters: [...]}, not empty")


def _condition(asked: Any) -> Callable[[Mapping[str, Any]], bool]:
    match asked:
        case {"fieldName": str(field), "operator": str(operator), "value": value, **more} if not more:
            pass
        case _:
            raise _refused("filters of the form {fieldName, operator, value}")
    if "." in field:
        raise FieldError("NotEmulated", f"The sandbox does not emulate invalidation by a nested field, {field}.")
    if operator not in _OPERATORS:
        raise _refused(f"the operators {', '.join(_OPERATORS)}, and no {operator}")
    takes, holds = _OPERATORS[operator]
    if not takes(value):
        raise _refused(f"no such value of {operator}: {value!r}")
    return lambda payload: payload.get(field) is not None and holds(payload[field], value)


def _refused(takes: str) -> FieldError:
    return FieldError("Code", f"extensions.setSubscriptionInvalidationFilter takes {takes}.")


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | bool | int | float)


def _is_ordered(value: Any) -> bool:
    return _is_scalar(value) and not isinstance(value, bool)


def _is_list(most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and 0 < len(value) <= most and all(map(_is_ordered, value))


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_ordered, value))  # noqa: PLR2004 - two ends


def _alike(one: Any, other: Any) -> bool:
    """Whether the two can be compared: texts with texts, numbers with numbers, and truth with truth."""
    kinds = [str if isinstance(each, str) else bool if isinstance(each, bool) else float for each in (one, other)]
    return _is_scalar(one) and kinds[0] is kinds[1]


def _among(found: Any, wanted: list[Any]) -> bool:
    return any(_alike(found, each) and found == each for each in wanted)


def _contains(found: Any, wanted: Any) -> bool:
    if isinstance(found, list):
        return _among(wanted, found)
    return isinstance(found, str) and isinstance(wanted, str) and wanted in found


_OPERATORS: dict[str, tuple[Callable[[Any], bool], Callable[[Any, Any], bool]]] = {
    "eq": (_is_scalar, lambda found, wanted: _alike(found, wanted) and found == wanted),
    "ne": (_is_scalar, lambda found, wanted: _alike(found, wanted) and found != wanted),
    "le": (_is_ordered, lambda found, wanted: _alike(found, wanted) and found <= wanted),
    "lt": (_is_ordered, lambda found, wanted: _alike(found, wanted) and found < wanted),
    "ge": (_is_ordered, lambda found, wanted: _alike(found, wanted) and found >= wanted),
    "gt": (_is_ordered, lambda found, wanted: _alike(found, wanted) and found > wanted),
    "contains": (_is_ordered, _contains),
    "notContains": (_is_ordered, lambda found, wanted: isinstance(found, str | list) and not _contains(found, wanted)),
    "beginsWith": (
        lambda value: isinstance(value, str),
        lambda found, wanted: isinstance(found, str) and found.startswith(wanted),
    ),
    "in": (_is_list(_MOST_IN), _among),
    "notIn": (_is_list(_MOST_IN), lambda found, wanted: _is_ordered(found) and not _among(found, wanted)),
    "between": (
        _is_pair,
        lambda found, wanted: all(_alike(found, end) for end in wanted) and wanted[0] <= found <= wanted[1],
    ),
    "containsAny": (
        _is_list(_MOST_CONTAINS_ANY),
        lambda found, wanted: isinstance(found, list) and any(_among(each, wanted) for each in found),
    ),
}

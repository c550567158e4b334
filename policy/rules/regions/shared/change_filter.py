"""Which changes of a table an event source mapping lets through to its function."""

import json
from collections.abc import Mapping
from typing import Any

from ...shared.known import UNKNOWN, NotKnownError
from ...shared.stack import Resource

CHANGES = frozenset({"INSERT", "MODIFY", "REMOVE"})
"""The event names of DynamoDB's streams ("Record" in the Amazon DynamoDB Streams API Reference); there is no other."""


def changes_of(mapping: Resource) -> tuple[frozenset[str], frozenset[str]]:
    """The changes that get through, and the event names in its filters that no change has.

    Filters add up; one that says nothing about the event's name lets every kind of change through.

    Raises:
        NotKnownError: the filters are not known yet.
    """
    criteria = mapping.inner("filterCriteria")
    filters = criteria.each("filters") if criteria else []
    if not filters:
        return CHANGES, frozenset()
    through: set[str] = set()
    unheard_of: set[str] = set()
    for each in filters:
        names = _names(each.read("pattern"))
        through |= names & CHANGES
        unheard_of |= names - CHANGES
    return frozenset(through), frozenset(unheard_of)


def _names(pattern: Any) -> frozenset[str]:
    if pattern is UNKNOWN:
        raise NotKnownError("filterCriteria")
    try:
        members = json.loads(pattern) if isinstance(pattern, str) else {}
    except ValueError:
        return CHANGES  # AWS refuses it
    wanted = members.get("eventName") if isinstance(members, Mapping) else None
    if not isinstance(wanted, list):
        return CHANGES
    named = {each for each in wanted if isinstance(each, str)}
    for each in wanted:
        if isinstance(each, Mapping):
            named |= {change for change in CHANGES if _fits(each, change)}
    return frozenset(named)


def _fits(condition: Mapping[str, Any], change: str) -> bool:
    """Source: "Comparison operators for use in event patterns" in the Amazon EventBridge User Guide."""
    if "anything-but" in condition:
        others = condition["anything-but"]
        return change not in (others if isinstance(others, list) else [others])
    if "prefix" in condition:
        return change.startswith(str(condition["prefix"]))
    return condition.get("exists", True) is True

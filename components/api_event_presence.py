"""Event patterns that only events with a value at a certain place fit.

What EventBridge puts into a target's input for a value that the event does not have is documented nowhere; so a value
that is needed is made a condition of the rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.api_event_patterns import OR

_PRESENT = {"exists": True}
_ABSENT = {"exists": False}


def demanding(pattern: Mapping[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The pattern, for those of its events alone that have a value at `path`: field names, from the outermost.

    Where the pattern constrains the value already it stays as it is: `exists: false` alone fits a value that is not
    there. Of the branches of a `$or` that has one which constrains it, the others are given the condition: beside the
    `$or` it would take the place of that branch's own, since EventBridge keeps one condition a value.
    """
    branches = pattern.get(OR, ())
    own = {field: value for field, value in pattern.items() if field != OR}
    if not _constrains(own, path) and any(_constrains(branch, path) for branch in branches):
        return {**pattern, OR: [demanding(branch, path) for branch in branches]}
    head, *rest = path
    below = pattern.get(head, {})
    if rest and isinstance(below, Mapping):
        return {**pattern, head: demanding(below, rest)}
    return {head: [_PRESENT], **pattern}


def fits_absence(pattern: Mapping[str, Any], path: Sequence[str]) -> bool:
    """Whether the pattern says itself that the value at `path` need not be there."""
    return any(_ABSENT in values for values in _constraints(pattern, path))


def _constrains(pattern: Mapping[str, Any], path: Sequence[str]) -> bool:
    return any(True for _ in _constraints(pattern, path))


def _constraints(pattern: Mapping[str, Any], path: Sequence[str]) -> Iterator[list[Any]]:
    """The lists of what the value at `path` may be, of every branch."""
    for branch in pattern.get(OR, ()):
        yield from _constraints(branch, path)
    head, *rest = path
    below = pattern.get(head)
    if isinstance(below, list) and not rest:
        yield below
    elif isinstance(below, Mapping) and rest:
        yield from _constraints(below, rest)

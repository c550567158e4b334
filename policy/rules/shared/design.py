"""The active/active design: the stacks whose distribution carries the router, and of these the protected ones."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .kinds import TABLE
from .router import routed_behaviours
from .rule import Subject, each
from .stack import Resource, Stack

PROTECTED: Mapping[str, Mapping[str, Any]] = {
    "protected": {
        "type": "boolean",
        "description": "Whether the stack is one to protect. Unset, it is where a table of it refuses to be deleted.",
    }
}
"""The setting of rules that hold in protected stacks alone."""

Subjects = Callable[[Stack], Iterator[Subject[Resource]]]


def is_active_active(stack: Stack) -> bool:
    """Whether the stack serves an API by a router.

    One of which that is not known yet counts as one that does not: the rules about the edge say what is not known.
    """
    return any(isinstance(found, Subject) for found in routed_behaviours(stack))


def is_protected(stack: Stack) -> bool:
    """Whether the stack is one to protect: as the rule was told, else by its tables."""
    told = stack.settings.get("protected")
    if told is not None:
        return told is True
    return any(table.peek("deletionProtectionEnabled") is True for table in stack.of(TABLE))


def in_the_design(*kinds: str) -> Subjects:
    """The resources of these types in a stack that has a router, as subjects of rules."""

    def subjects(stack: Stack) -> Iterator[Subject[Resource]]:
        if is_active_active(stack):
            yield from each(*stack.of(*kinds))

    return subjects


def where_protected(*kinds: str) -> Subjects:
    """The same, in protected stacks alone."""
    among = in_the_design(*kinds)

    def subjects(stack: Stack) -> Iterator[Subject[Resource]]:
        if is_protected(stack):
            yield from among(stack)

    return subjects

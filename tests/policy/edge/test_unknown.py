"""Whatever a preview does not know, no rule of the edge fails over it, and none takes it for a mistake."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from tests.policy.edge.conftest import Judge
from tests.policy.edge.stacks import Stack, compliant

Path = tuple[str | int, ...]


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """All places in the value, from the whole to the single property."""
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from paths(member, (*path, key))


def without_knowing(stack: Stack, name: str, path: Path) -> Stack:
    changed = deepcopy(stack)
    holder: Any = changed[name].inputs
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = UNKNOWN_STRING_VALUE
    return changed


@pytest.mark.parametrize("name", ["certificate", "router", "latency-ireland", "edge-distribution"])
def test_a_value_that_is_not_known_is_never_a_mistake(judge: Judge, name: str) -> None:
    stack = compliant()
    assert judge(stack) == []

    for path in paths({key: value for key, value in stack[name].inputs.items() if key != "code"}):
        said = [finding for finding in judge(without_knowing(stack, name, path)) if finding.level != "undecided"]
        assert said == [], path

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.api_event_presence import demanding, fits_absence

THERE = [{"exists": True}]
NAME = ["detail", "name"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"source": ["a"]}, {"source": ["a"], "detail": {"name": THERE}}),
        ({"detail": {"kind": ["k"]}}, {"detail": {"kind": ["k"], "name": THERE}}),
        ({"detail": {"name": [{"prefix": "n"}]}}, {"detail": {"name": [{"prefix": "n"}]}}),
        # A pattern that wants an object there fits nothing that the argument takes; it is not for this to mend it.
        ({"detail": {"name": {"first": ["f"]}}}, {"detail": {"name": {"first": ["f"]}}}),
    ],
)
def test_a_value_that_the_pattern_says_nothing_of_has_to_be_there(
    pattern: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert demanding(pattern, NAME) == expected


def test_a_value_may_lie_deep() -> None:
    pattern = {"detail": {"a": {"x": ["y"]}}}

    assert demanding(pattern, ["detail", "a", "b", "c"]) == {"detail": {"a": {"x": ["y"], "b": {"c": THERE}}}}


def test_where_no_branch_says_anything_of_the_value_the_condition_stands_beside_them() -> None:
    either = [{"source": ["a"]}, {"detail": {"kind": ["k"]}}]

    assert demanding({"$or": either}, NAME) == {"$or": either, "detail": {"name": THERE}}


def test_a_branch_that_constrains_the_value_keeps_its_condition_and_the_others_get_one() -> None:
    outer = {"$or": [{"detail": {"name": ["n"]}}, {"source": ["a"]}], "detail": {"kind": ["k"]}}
    inner = {"detail": {"$or": [{"name": ["n"]}, {"kind": ["k"]}]}}

    assert demanding(outer, NAME) == {
        "$or": [{"detail": {"name": ["n"]}}, {"source": ["a"], "detail": {"name": THERE}}],
        "detail": {"kind": ["k"]},
    }
    assert demanding(inner, NAME) == {"detail": {"$or": [{"name": ["n"]}, {"kind": ["k"], "name": THERE}]}}


def test_a_condition_beside_the_branches_holds_for_all_of_them() -> None:
    pattern = {"detail": {"name": ["n"]}, "$or": [{"source": ["a"]}, {"source": ["b"]}]}

    assert demanding(pattern, NAME) == pattern


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"detail": {"name": ["n", {"exists": False}]}}, True),
        ({"$or": [{"source": ["a"]}, {"detail": {"name": [{"exists": False}]}}]}, True),
        ({"detail": {"name": ["n"], "kind": [{"exists": False}]}}, False),
        ({"source": ["a"]}, False),
    ],
)
def test_a_pattern_may_say_itself_that_a_value_need_not_be_there(pattern: dict[str, Any], *, expected: bool) -> None:
    assert fits_absence(pattern, NAME) is expected


_FIELDS = st.sampled_from(["name", "kind", "detail"])
_LEAF = st.just(["x"])


def _patterns(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    fields = st.dictionaries(_FIELDS, inner | _LEAF, min_size=1, max_size=3)
    either = st.lists(fields, min_size=2, max_size=3).map(lambda branches: {"$or": branches})
    return st.builds(lambda a, b: {**a, **b}, fields, either | st.just({}))


@given(st.recursive(_patterns(_LEAF), _patterns, max_leaves=8))
def test_a_condition_is_made_once_and_takes_nothing_away(pattern: dict[str, Any]) -> None:
    once = demanding(pattern, NAME)

    assert demanding(once, NAME) == once
    assert _leaves(pattern) <= _leaves(once)


def _leaves(pattern: Any, above: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    if isinstance(pattern, dict):
        return {leaf for name, inner in pattern.items() for leaf in _leaves(inner, (*above, name))}
    if isinstance(pattern, list) and isinstance(pattern[0], dict) and above[-1] == "$or":
        return {leaf for number, inner in enumerate(pattern) for leaf in _leaves(inner, (*above, number))}
    return {above}

from typing import Any

import pytest

from region.health.drain import is_drained, key_of


@pytest.mark.parametrize(
    ("item", "drained"),
    [
        ({"drained": {"BOOL": True}, "at": {"S": "2026-11-21T16:00:00Z"}}, True),
        ({"drained": {"BOOL": False}}, False),
        ({}, False),
        ({"drained": {"S": "true"}}, False),
    ],
)
def test_a_region_is_drained_where_its_item_says_so_and_nowhere_else(item: dict[str, Any], *, drained: bool) -> None:
    assert is_drained(item) is drained


@pytest.mark.parametrize(("path", "key"), [("/drain/ireland", "ireland"), ("/drain/cape-town-2", "cape-town-2")])
def test_a_path_names_the_region_that_is_asked_for(path: str, key: str) -> None:
    assert key_of(path) == key


@pytest.mark.parametrize("path", ["/", "/drain", "/drain/", "/drain/Ireland", "/drain/a/b", "/drain/a\n", "/x/drain/a"])
def test_any_other_path_names_none(path: str) -> None:
    assert key_of(path) is None

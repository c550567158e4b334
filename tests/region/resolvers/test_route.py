from typing import Any

import pytest

from region.resolvers.route import route


def test_the_route_is_what_the_edge_says() -> None:
    assert route({"request": {"headers": {"x-antipodes-route": "ireland; reason=dns"}}}) == "ireland; reason=dns"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "ireland",
        "ireland; reason=",
        "ireland; reason=dns ",
        "ireland; reason=dns\n",
        "ireland; reason=dns; token=x",
        "Ireland; reason=dns",
        "ireland; reason=DNS",
        f"{'a' * 31}; reason=dns",
        f"ireland; reason={'a' * 21}",
        7,
        None,
    ],
)
def test_a_text_that_no_edge_sends_is_no_route(value: Any) -> None:
    assert route({"request": {"headers": {"x-antipodes-route": value}}}) == "unknown"


@pytest.mark.parametrize(
    "context", [{}, {"request": None}, {"request": {"headers": None}}, {"request": {"headers": {}}}]
)
def test_a_request_past_the_edge_has_none(context: dict[str, Any]) -> None:
    assert route(context) == "unknown"

import pytest

from cli.commands.logs import document, seconds, shown
from cli.errors import UsageError
from ops.logs import Line

LINE = Line(1_795_278_142_011, "edge eu-west-2", "router", "routed", "1")


@pytest.mark.parametrize(("text", "expected"), [("90s", 90), ("10m", 600), ("2h", 7200), ("1d", 86400)])
def test_a_duration_is_a_number_and_a_unit(text: str, expected: int):
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "10", "m", "1w", "-5m", "1.5h"])
def test_anything_else_is_refused_with_an_example(text: str):
    with pytest.raises(UsageError, match="such as 10m"):
        seconds(text)


def test_a_line_says_when_where_and_who():
    assert shown(LINE) == "2026-11-21T16:22:22.011Z  edge eu-west-2  router  routed"
    assert document(LINE) == {
        "time": "2026-11-21T16:22:22.011Z",
        "place": "edge eu-west-2",
        "function": "router",
        "message": "routed",
    }

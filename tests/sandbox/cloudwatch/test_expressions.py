import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloudwatch.expressions import ExpressionError, TimeSeries, Value, evaluate

TIMES = range(0, 300, 60)
SERIES: dict[str, Value] = {"m1": {0: 10.0, 60: 20.0, 120: 30.0}, "m2": {0: 2.0, 60: 0.0, 180: 5.0}}

any_series = st.dictionaries(st.sampled_from(TIMES), st.floats(-1e6, 1e6))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("m1 + m2", {0: 12, 60: 20}),
        ("m1 / m2", {0: 5}),
        ("100 * m1 / 4", {0: 250, 60: 500, 120: 750}),
        ("-m1", {0: -10, 60: -20, 120: -30}),
        ("(m1 - m2) * 2", {0: 16, 60: 40}),
        ("m1 > 15", {0: 0, 60: 1, 120: 1}),
        ("FILL(m2, 0)", {0: 2, 60: 0, 120: 0, 180: 5, 240: 0}),
        ("FILL(m2, m1)", {0: 2, 60: 0, 120: 30, 180: 5}),
        ("SUM([m1, m2])", {0: 12, 60: 20, 120: 30, 180: 5}),
        ("MAX([m1, m2])", {0: 10, 60: 20, 120: 30, 180: 5}),
        ("MIN([FILL(m1, 0), m2])", {0: 2, 60: 0, 120: 30, 180: 0, 240: 0}),
        ("AVG(m1)", 20),
        ("IF(m1 > 15, m1, 0)", {0: 0, 60: 20, 120: 30}),
        ("IF(m2 > 0, m1 / m2, 0)", {0: 5, 60: 0}),
        ("1 + 2 * 3", 7),
        ("1 / 0", {}),
    ],
)
def test_an_expression_has_the_value_that_cloudwatch_would_give(expression: str, value: Value) -> None:
    assert evaluate(expression, SERIES, TIMES) == value


@pytest.mark.parametrize(
    "expression",
    ["m1 ^ 2", "RATE(m1)", "m1 AND m2", "m1 and m2", "SUM(1)", "__import__('os')", "m1.x", "m1[0]", "(", "", "m1 = 2"],
)
def test_everything_else_is_refused_by_name(expression: str) -> None:
    with pytest.raises(ExpressionError, match="does not emulate"):
        evaluate(expression, SERIES, TIMES)


def test_an_id_that_is_not_in_the_query_is_named() -> None:
    with pytest.raises(ExpressionError, match="names m9, which is no id"):
        evaluate("m1 + m9", SERIES, TIMES)


@given(any_series, any_series)
def test_a_point_is_missing_where_either_side_is(one: TimeSeries, other: TimeSeries) -> None:
    found = evaluate("a + b", {"a": one, "b": other}, TIMES)

    assert found == {time: one[time] + other[time] for time in TIMES if time in one and time in other}


@given(any_series)
def test_filled_series_have_no_gaps_and_keep_what_they_had(series: TimeSeries) -> None:
    assert evaluate("FILL(a, 0)", {"a": series}, TIMES) == {**dict.fromkeys(TIMES, 0), **series}

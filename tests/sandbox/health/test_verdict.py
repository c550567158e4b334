from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.health.check import Alarm, Calculation, Endpoint, HealthCheck
from sandbox.health.verdict import View, after, of_alarm, of_endpoint, statuses

HOST = Endpoint("example.test")


def told(results: Sequence[bool], threshold: int) -> View:
    view = View()
    for passed in results:
        view = after(view, threshold, passed=passed)
    return view


@given(results=st.lists(st.booleans(), max_size=30), threshold=st.integers(1, 10))
def test_a_checker_thinks_what_the_last_run_of_equal_results_of_the_threshold_said(results: list[bool], threshold: int):
    expected = True
    for end in range(threshold, len(results) + 1):
        if len(set(run := results[end - threshold : end])) == 1:
            expected = run[0]

    assert told(results, threshold).healthy is expected


@given(results=st.lists(st.booleans(), max_size=30), threshold=st.integers(1, 10))
def test_results_against_a_view_never_reach_the_threshold_and_a_result_for_it_clears_them(
    results: list[bool], threshold: int
):
    view = told(results, threshold)

    assert 0 <= view.against < threshold
    assert after(view, threshold, passed=view.healthy) == View(view.healthy)


@pytest.mark.parametrize(
    ("healthy", "of", "expected"),
    [(0, 3, False), (1, 3, True), (3, 3, True), (1, 5, True), (1, 6, False), (9, 50, False), (10, 50, True)],
)
def test_more_than_18_percent_of_the_checkers_make_an_endpoint_healthy(healthy: int, of: int, expected: bool):  # noqa: FBT001 - a parameter of the test
    assert of_endpoint([View()] * healthy + [View(healthy=False)] * (of - healthy)) is expected


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize(
    ("insufficient", "expected"), [("Healthy", True), ("Unhealthy", False), ("LastKnownStatus", None)]
)
def test_an_alarm_without_data_is_what_its_check_says(insufficient: str, expected: bool | None, last: bool):  # noqa: FBT001 - a parameter of the test
    alarm = Alarm("eu-west-1", "errors", insufficient)

    assert of_alarm(alarm, "OK", last=last)
    assert not of_alarm(alarm, "ALARM", last=last)
    assert of_alarm(alarm, "INSUFFICIENT_DATA", last=last) is (last if expected is None else expected)


@given(found=st.lists(st.booleans(), min_size=1, max_size=8), threshold=st.integers(0, 9), inverted=st.booleans())
def test_a_calculated_check_counts_its_healthy_children(found: list[bool], threshold: int, inverted: bool):  # noqa: FBT001 - drawn
    children = [HealthCheck(str(number), HOST) for number in range(len(found))]
    calculation = Calculation(tuple(check.id for check in children), threshold)
    parent = HealthCheck("parent", calculation, inverted=inverted)

    healthy = statuses([parent, *children], {str(number): passed for number, passed in enumerate(found)})

    assert [healthy[check.id] for check in children] == found
    assert healthy["parent"] is ((sum(found) >= threshold) != inverted)


@pytest.mark.parametrize(
    ("found", "disabled", "inverted", "expected"),
    [
        (None, False, False, True),
        (None, False, True, False),
        (False, False, False, False),
        (False, False, True, True),
        (False, True, False, True),
        (False, True, True, False),
    ],
    ids=["new", "new, inverted", "failing", "failing, inverted", "disabled", "disabled, inverted"],
)
def test_a_check_is_what_was_found_unless_it_is_disabled_or_inverted(
    found: bool | None,  # noqa: FBT001 - a parameter of the test
    disabled: bool,  # noqa: FBT001 - a parameter of the test
    inverted: bool,  # noqa: FBT001 - a parameter of the test
    expected: bool,  # noqa: FBT001 - a parameter of the test
):
    check = HealthCheck("one", HOST, inverted=inverted, disabled=disabled)

    assert statuses([check], {} if found is None else {"one": found}) == {"one": expected}


def test_a_calculation_may_stand_on_calculations_in_any_order_and_even_on_itself():
    chain = [HealthCheck(str(n), Calculation((str(n + 1),), 1)) for n in range(4)]
    ring = HealthCheck("ring", Calculation(("ring",), 1), inverted=True)

    healthy = statuses([*chain, HealthCheck("4", HOST), ring], {"4": False})

    assert [healthy[str(n)] for n in range(5)] == [False] * 5
    assert "ring" in healthy

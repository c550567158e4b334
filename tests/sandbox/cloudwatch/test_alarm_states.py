"""The examples of CloudWatch's documentation, and what holds for any points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloudwatch.alarm_states import ALARM, MORE_PERIODS, OK, UNKNOWN, state

BEFORE = "whatever it was"
_POINTS = {"0": False, "X": True, "-": None}


# "Configuring how CloudWatch alarms treat missing data": points of five periods, for an alarm that looks at three.
@pytest.mark.parametrize(
    ("needed", "points", "missing", "ignore", "breaching", "not_breaching"),
    [
        (3, "0-X-X", OK, OK, OK, OK),
        (3, "----0", OK, OK, OK, OK),
        (3, "-----", UNKNOWN, BEFORE, ALARM, OK),
        (3, "0XX-X", ALARM, ALARM, ALARM, ALARM),
        (3, "--X--", ALARM, BEFORE, ALARM, OK),
        (2, "0-X-X", ALARM, ALARM, ALARM, ALARM),
        (2, "00X0X", ALARM, ALARM, ALARM, ALARM),
        (2, "0-X--", OK, OK, ALARM, OK),
        (2, "----0", OK, OK, ALARM, OK),
        (2, "---X-", ALARM, BEFORE, ALARM, OK),
    ],
)
def test_points_that_are_missing_count_as_the_documentation_shows(
    needed: int, points: str, missing: str, ignore: str, breaching: str, not_breaching: str
) -> None:
    breaches = [_POINTS[point] for point in points]
    wanted = {"missing": missing, "ignore": ignore, "breaching": breaching, "notBreaching": not_breaching}

    found = {each: state(breaches, of=3, needed=needed, missing=each, before=BEFORE) for each in wanted}

    assert found == wanted


@st.composite
def evaluations(draw: st.DrawFn) -> tuple[list[bool | None], int, int]:
    of = draw(st.integers(1, 6))
    periods = of + MORE_PERIODS
    points = draw(st.lists(st.sampled_from([True, False, None]), min_size=periods, max_size=periods))
    return points, of, draw(st.integers(1, of))


treatments = st.sampled_from(["missing", "ignore", "breaching", "notBreaching"])


@given(evaluations(), treatments)
def test_without_gaps_it_is_an_alarm_if_and_only_if_enough_of_the_last_points_breach(
    evaluation: tuple[list[bool | None], int, int], missing: str
) -> None:
    points, of, needed = evaluation
    known = [bool(point) for point in points]

    found = state(known, of=of, needed=needed, missing=missing, before=BEFORE)

    assert found == (ALARM if sum(known[-of:]) >= needed else OK)


@given(evaluations(), treatments, st.data())
def test_a_worse_point_never_ends_an_alarm(
    evaluation: tuple[list[bool | None], int, int], missing: str, data: st.DataObject
) -> None:
    points, of, needed = evaluation
    at = data.draw(st.sampled_from([at for at, point in enumerate(points) if point is False] or [0]))
    worse = [True if place == at and point is False else point for place, point in enumerate(points)]

    before = state(points, of=of, needed=needed, missing=missing, before=BEFORE)
    after = state(worse, of=of, needed=needed, missing=missing, before=BEFORE)

    assert before != ALARM or after == ALARM


@given(evaluations())
def test_missing_points_that_breach_are_no_milder_than_any_other_treatment(
    evaluation: tuple[list[bool | None], int, int],
) -> None:
    points, of, needed = evaluation
    found = {
        missing: state(points, of=of, needed=needed, missing=missing, before=OK)
        for missing in ("missing", "ignore", "breaching", "notBreaching")
    }

    assert found["breaching"] == ALARM or ALARM not in found.values()
    assert found["notBreaching"] == OK or set(found.values()) == {ALARM}

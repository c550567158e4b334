import pytest

from region.health.verdict import FAILED, OK, SLOW, UNKNOWN, is_healthy, worst


@pytest.mark.parametrize("state", [FAILED, SLOW])
def test_one_part_that_fails_or_takes_too_long_is_enough(state: str) -> None:
    assert not is_healthy({"tables": OK, "canary": state, "api": OK, "stream": UNKNOWN})


def test_what_nobody_can_tell_is_no_reason_to_send_viewers_elsewhere() -> None:
    assert is_healthy({"tables": OK, "stream": UNKNOWN})
    assert is_healthy({"stream": UNKNOWN})


@pytest.mark.parametrize(
    ("states", "state"),
    [([OK, OK], OK), ([OK, FAILED, SLOW], FAILED), ([SLOW, OK], SLOW), ([OK, UNKNOWN], UNKNOWN), ([], OK)],
)
def test_a_part_is_as_good_as_the_worst_in_it(states: list[str], state: str) -> None:
    assert worst(states) == state

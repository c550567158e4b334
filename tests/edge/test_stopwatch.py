import time

import pytest
from stopwatch import Stopwatch

from tests.edge.clocks import Clocks, planted


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return planted(monkeypatch)


@pytest.fixture
def started(clocks: Clocks) -> Stopwatch:
    stopwatch = Stopwatch()
    stopwatch.start()
    return stopwatch


def test_what_never_began_is_for_ever_ago():
    assert Stopwatch().elapsed() == float("inf")


def test_it_measures_seconds(started: Stopwatch, clocks: Clocks):
    assert started.elapsed() == 0
    clocks.sleep(12.5)
    assert started.elapsed() == 12.5
    started.start()
    assert started.elapsed() == 0


def test_a_sandbox_whose_monotonic_clock_was_frozen_is_measured_by_the_wall_clock(started: Stopwatch, clocks: Clocks):
    clocks.wall += 600
    assert started.elapsed() == 600


@pytest.mark.parametrize("back", [1, 86_400])
def test_a_wall_clock_set_back_is_measured_by_the_monotonic_clock(started: Stopwatch, clocks: Clocks, back: int):
    clocks.sleep(10)
    clocks.wall -= back
    assert started.elapsed() == 10


def test_the_clocks_are_those_of_the_module_time_at_the_moment_of_measuring(monkeypatch: pytest.MonkeyPatch):
    """The sandbox sets them ahead while a function runs."""
    stopwatch = Stopwatch()
    stopwatch.start()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3600)
    assert stopwatch.elapsed() > 3599

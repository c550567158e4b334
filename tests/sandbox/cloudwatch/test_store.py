"""The store against a list of everything that was recorded."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloudwatch.samples import Samples, UnknownStatisticError
from sandbox.cloudwatch.store import Metric, MetricStore, metric

IRELAND = metric("eu-west-1", "AWS/AppSync", "Latency", {"GraphQLAPIId": "a"})
SYDNEY = IRELAND._replace(region="ap-southeast-2")


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.floats(-1e6, 1e6)), min_size=1, max_size=60),
    st.sampled_from([60, 120, 300]),
)
def test_every_value_is_in_its_period_and_stays_there_while_the_store_ages(
    recorded: list[tuple[int, float]], period: int
) -> None:
    clock = Clock(0)
    store = MetricStore(clock)
    for second, value in sorted(recorded):
        clock.now = second
        store.record(IRELAND, value)

    found = store.read(IRELAND, 0, 3600, period)

    wanted: dict[int, list[float]] = {}
    for second, value in recorded:
        wanted.setdefault(second // period * period, []).append(value)
    assert {time: samples.statistic("SampleCount") for time, samples in found.items()} == {
        time: len(values) for time, values in wanted.items()
    }
    for time, values in wanted.items():
        assert found[time].statistic("Sum") == pytest.approx(sum(values), abs=1e-6)
        assert found[time].statistic("Minimum") == min(values)
        assert found[time].statistic("Maximum") == max(values)


@given(st.lists(st.floats(0.001, 1e7), min_size=1, max_size=200), st.integers(1, 100))
def test_a_percentile_is_within_half_a_percent_of_the_value_at_its_rank(values: list[float], percent: int) -> None:
    samples = Samples()
    for value in values:
        samples.add(value)

    wanted = sorted(values)[math.ceil(len(values) * percent / 100) - 1]

    assert samples.statistic(f"p{percent}") == pytest.approx(wanted, rel=0.005)


def test_metrics_differ_by_region_and_by_dimensions_in_any_order() -> None:
    store = MetricStore(Clock(100))
    store.record(IRELAND, 1)
    store.record(SYDNEY, 2)

    assert metric("r", "n", "m", {"b": "1", "a": "2"}) == metric("r", "n", "m", {"a": "2", "b": "1"})
    assert [store.read(each, 0, 120, 60)[60].total for each in (IRELAND, SYDNEY)] == [1, 2]
    assert store.metrics("eu-west-1") == [IRELAND]


def test_what_is_older_than_three_hours_is_gone_and_the_store_stays_small() -> None:
    clock = Clock(0)
    store = MetricStore(clock)
    for second in range(0, 20_000, 5):
        clock.now = second
        store.record(IRELAND)

    found = store.read(IRELAND, 0, 20_000, 60)

    assert min(found) >= 20_000 - 3 * 3600 - 60
    assert max(found) == 19_980


def test_a_gauge_says_what_is_the_case_once_a_minute_of_awss() -> None:
    clock = Clock(600)
    store = MetricStore(clock, real=lambda seconds: seconds / 20)
    connections = [3.0]
    store.gauges.append(lambda: [(IRELAND, connections[0])])
    for now, number in ((600, 3), (601, 5), (603, 4)):
        clock.now, connections[0] = now, number
        store.read_gauges()

    found = store.read(IRELAND, 600, 606, 3)

    assert {time: samples.statistic("Sum") for time, samples in found.items()} == {600: 5, 603: 4}


@pytest.mark.parametrize("name", ["tm99", "p101", "p", "IQM", "TC(:0.5)"])
def test_other_statistics_are_refused(name: str) -> None:
    samples = Samples()
    samples.add(1)

    with pytest.raises(UnknownStatisticError, match="does not emulate the statistic"):
        samples.statistic(name)


def test_there_is_an_end_to_the_metrics_that_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.cloudwatch.store._MOST_METRICS", 2)
    store = MetricStore(Clock(0))
    for name in "abc":
        store.record(Metric("r", "n", name))

    assert [each.name for each in store.metrics("r")] == ["a", "b"]

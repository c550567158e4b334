"""The metrics of the sandbox: what its data plane measures, and what callers put there."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from logging import getLogger
from typing import NamedTuple

from sandbox.cloudwatch.samples import Samples

_log = getLogger(__name__)
_SECONDS_KEPT = 900  # then minutes: a sandbox that runs for hours stays as small as it is
_MINUTES_KEPT = 3 * 3600
_MINUTE = 60
_MOST_METRICS = 20_000


class Metric(NamedTuple):
    """What is measured: whose (a region), and of what; the dimensions are sorted by their names."""

    region: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()


def metric(region: str, namespace: str, name: str, dimensions: Mapping[str, str]) -> Metric:
    """The metric with these dimensions: CloudWatch takes another combination of them for another metric."""
    return Metric(region, namespace, name, tuple(sorted(dimensions.items())))


# What is the case at the moment, for metrics that nothing happens to: how many connections there are, say.
Gauge = Callable[[], Iterable[tuple[Metric, float]]]


def _same(seconds: float) -> float:
    return seconds


class MetricStore:
    """Keeps a metric's values by the second for a quarter of an hour, and by the minute for three hours.

    To record costs some additions: it is done for each request. There is one account, and no unit is kept: a metric of
    one name has one unit.

    Args:
        now: the time, in epoch seconds.
        real: how many of these seconds pass while so many pass for AWS (`sandbox.time_scale`).
    """

    def __init__(self, now: Callable[[], float] = time.time, real: Callable[[float], float] = _same) -> None:
        self.now = now
        self.real = real
        self.gauges: list[Gauge] = []
        self._series: dict[Metric, _Series] = {}

    def record(self, metric: Metric, value: float = 1.0, *, count: float = 1.0, at: float | None = None) -> None:
        """Adds a value, measured `count` times, at the time `at` or now."""
        if samples := self.samples(metric, at):
            samples.add(value, count)

    def samples(self, metric: Metric, at: float | None = None) -> Samples | None:
        """Where values of that second are added to; None where the sandbox has no room for another metric."""
        now = self.now()
        series = self._series.get(metric)
        if series is None:
            if len(self._series) >= _MOST_METRICS:
                _log.warning("%s is not kept: there are %s metrics already", metric, _MOST_METRICS)
                return None
            series = self._series[metric] = _Series()
        return series.at(int(now if at is None else at), int(now))

    def set(self, metric: Metric, value: float) -> None:
        """Says what is the case: the one value of this minute of AWS's, so that its sum is the value too."""
        minute = max(1, math.ceil(self.real(_MINUTE)))
        if samples := self.samples(metric, int(self.now()) // minute * minute):
            samples.clear()
            samples.add(value)

    def read_gauges(self) -> None:
        """Brings up to date what nothing happens to."""
        for gauge in self.gauges:
            for metric, value in gauge():
                self.set(metric, value)

    def read(self, metric: Metric, start: int, end: int, period: int) -> dict[int, Samples]:
        """What was measured from `start` to before `end`, by the begin of each `period` that has anything.

        All are whole seconds; `start` is the begin of the first period.
        """
        found: dict[int, Samples] = {}
        series = self._series.get(metric)
        for second, samples in series.between(start, end) if series else ():
            begin = start + (second - start) // period * period
            found.setdefault(begin, Samples()).merge(samples)
        return dict(sorted(found.items()))

    def metrics(self, region: str) -> list[Metric]:
        """The metrics that the region has."""
        return [metric for metric in self._series if metric.region == region]


class _Series:
    def __init__(self) -> None:
        self._seconds: dict[int, Samples] = {}
        self._minutes: dict[int, Samples] = {}

    def at(self, second: int, now: int) -> Samples:
        found = self._seconds.get(second)
        if found is None:
            if second < now - _SECONDS_KEPT:
                return self._minutes.setdefault(second // _MINUTE * _MINUTE, Samples())
            found = self._seconds[second] = Samples()
            self._age(now)
        return found

    def between(self, start: int, end: int) -> Iterable[tuple[int, Samples]]:
        for each in (self._minutes, self._seconds):
            yield from ((second, samples) for second, samples in each.items() if start <= second < end)

    def _age(self, now: int) -> None:
        """The older come first, but for a few that were told late: they go a little later."""
        for second in list(takewhile(lambda second: second < now - _SECONDS_KEPT, self._seconds)):
            minute = self._minutes.setdefault(second // _MINUTE * _MINUTE, Samples())
            minute.merge(self._seconds.pop(second))
        for second in list(takewhile(lambda second: second < now - _MINUTES_KEPT, self._minutes)):
            del self._minutes[second]

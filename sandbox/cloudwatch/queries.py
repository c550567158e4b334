"""What metric data queries come to: those of GetMetricData, and those of alarms on metric math."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.cloudwatch import expressions
from sandbox.cloudwatch.expressions import ExpressionError, TimeSeries, Value
from sandbox.cloudwatch.samples import UnknownStatisticError, require_known
from sandbox.cloudwatch.store import Metric, MetricStore, metric


class QueryError(Exception):
    """A query is none, or asks for what the sandbox does not emulate; the message says what and why."""


@dataclass(frozen=True)
class Window:
    """Whole seconds: from `start` to before `end`, which are a number of periods apart."""

    start: int
    end: int
    period: int

    @property
    def times(self) -> Sequence[int]:
        """The begin of each period."""
        return range(self.start, self.end, self.period)


def metric_of(region: str, stat: Mapping[str, Any]) -> Metric:
    """The metric that a MetricStat's `Metric`, or an alarm, names."""
    dimensions = {each["Name"]: each["Value"] for each in stat.get("Dimensions", ())}
    return metric(region, str(stat.get("Namespace", "")), str(stat.get("MetricName", "")), dimensions)


def statistic(store: MetricStore, metric: Metric, name: str, window: Window) -> TimeSeries:
    """A statistic of each period that has any value.

    Raises:
        QueryError: the sandbox has no such statistic.
    """
    try:
        require_known(name)
    except UnknownStatisticError as error:
        raise QueryError(str(error)) from None
    found = store.read(metric, window.start, window.end, window.period)
    values = {time: samples.statistic(name) for time, samples in found.items() if samples.count}
    return {time: value for time, value in values.items() if value is not None}


def evaluate(store: MetricStore, region: str, queries: Sequence[Mapping[str, Any]], window: Window) -> dict[str, Value]:
    """The value of each query by its id; `window.period` stands for the period of all of them.

    Raises:
        QueryError: one cannot be evaluated here.
    """
    values: dict[str, Value] = {}
    for query in queries:
        if stat := query.get("MetricStat"):
            values[query["Id"]] = statistic(store, metric_of(region, stat["Metric"]), stat["Stat"], window)
    waiting = {query["Id"]: query["Expression"] for query in queries if "MetricStat" not in query}
    while waiting:
        ready = [id_ for id_, text in waiting.items() if not _names(text) & waiting.keys()]
        if not ready:
            raise QueryError(f"the expressions {', '.join(sorted(waiting))} name one another")
        for id_ in ready:
            try:
                values[id_] = expressions.evaluate(waiting.pop(id_), values, window.times)
            except ExpressionError as error:
                raise QueryError(str(error)) from None
    return values


def _names(text: str) -> set[str]:
    try:
        return expressions.names(text)
    except SyntaxError:
        return set()  # the evaluation refuses it, in its own words

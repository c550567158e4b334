"""The calls that put metrics into CloudWatch and ask for them, answered from the sandbox's own store.

The emulator would take them too, but its alarms and its answers overlook dimensions. Source: the Amazon CloudWatch API
Reference, "PutMetricData", "GetMetricData", "GetMetricStatistics" and "ListMetrics".
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.cloudwatch.expressions import TimeSeries, Value
from sandbox.cloudwatch.queries import QueryError, Window, evaluate, metric_of, statistic
from sandbox.cloudwatch.queues import measure_queues
from sandbox.cloudwatch.store import Metric, MetricStore
from sandbox.extensions.call import AwsError, Call, Handler, Upstream

_MOST_POINTS = 100_800  # of one GetMetricData
_SOON = 60  # seconds; callers round the end of what they ask for up
_NEWEST_FIRST = "TimestampDescending"


class MetricsApi:
    """CloudWatch's metrics of all regions, as callers see them."""

    def __init__(self, store: MetricStore) -> None:
        self._store = store

    @property
    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("cloudwatch", "PutMetricData"): self._put,
            ("cloudwatch", "GetMetricData"): self._data,
            ("cloudwatch", "GetMetricStatistics"): self._statistics,
            ("cloudwatch", "ListMetrics"): self._list,
        }

    async def _put(self, call: Call, _: Upstream) -> dict[str, Any]:
        for datum in call.parameters.get("MetricData", ()):
            told = metric_of(call.scope.region, {"Namespace": call.parameters["Namespace"], **datum})
            # By a function's clock, which may be ahead of this machine's, it may be yet to come.
            at = min(_seconds(datum["Timestamp"]), self._store.now()) if "Timestamp" in datum else None
            if given := datum.get("StatisticValues"):
                if samples := self._store.samples(told, at):
                    samples.add_set(
                        count=given["SampleCount"],
                        total=given["Sum"],
                        minimum=given["Minimum"],
                        maximum=given["Maximum"],
                    )
            elif values := datum.get("Values"):
                for value, count in zip(values, datum.get("Counts") or [1.0] * len(values), strict=True):
                    self._store.record(told, value, count=count, at=at)
            else:
                self._store.record(told, datum["Value"], at=at)
        return {}

    async def _data(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        queries, region = call.parameters.get("MetricDataQueries", []), call.scope.region
        periods = {stat["Period"] for query in queries if (stat := query.get("MetricStat"))} or {60}
        if len(periods) > 1 and any("Expression" in query for query in queries):
            raise _invalid("The sandbox evaluates metric math over metrics of one period only: ask for each by itself.")
        await self._measure(
            call, upstream, [query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query]
        )
        now = self._store.now()
        values: dict[str, Any] = {}
        for period in periods:
            of_period = [query for query in queries if query.get("MetricStat", {}).get("Period", period) == period]
            values |= _evaluated(self._store, region, of_period, _window(call, period, now))
        newest_first = call.parameters.get("ScanBy", _NEWEST_FIRST) == _NEWEST_FIRST
        results = [
            _result(query, found, newest_first=newest_first)
            for query in queries
            if query.get("ReturnData", True)
            for found in _series(values[query["Id"]], _window(call, min(periods), now))
        ]
        return {"MetricDataResults": results, "Messages": []}

    async def _statistics(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        given = call.parameters
        await self._measure(call, upstream, [given])
        window = _window(call, int(given["Period"]), self._store.now())
        names = [*given.get("Statistics", ()), *given.get("ExtendedStatistics", ())]
        points: dict[int, dict[str, Any]] = {}
        for name in names:
            try:
                found = statistic(self._store, metric_of(call.scope.region, given), name, window)
            except QueryError as error:
                raise _invalid(str(error)) from None
            for time, value in found.items():
                point = points.setdefault(time, {"Timestamp": time, "Unit": "None"})
                if name in given.get("ExtendedStatistics", ()):
                    point.setdefault("ExtendedStatistics", {})[name] = value
                else:
                    point[name] = value
        return {"Label": given["MetricName"], "Datapoints": [*points.values()]}

    async def _list(self, call: Call, _: Upstream) -> dict[str, Any]:
        wanted, region = call.parameters, call.scope.region
        self._store.read_gauges()
        found = [_shown(each) for each in self._store.metrics(region) if _fits(each, wanted)]
        return {"Metrics": found}

    async def _measure(self, call: Call, upstream: Upstream, metrics: list[dict[str, Any]]) -> None:
        self._store.read_gauges()
        await measure_queues(self._store, upstream, {metric_of(call.scope.region, each) for each in metrics})


def _window(call: Call, period: int, now: float) -> Window:
    """From the begin of the period that the start lies in ("GetMetricData": StartTime is rounded down).

    Times that are yet to come are those of a function, whose clock may be ahead of this machine's: it means now.
    """
    start, end = _seconds(call.parameters["StartTime"]), _seconds(call.parameters["EndTime"])
    if end > now + _SOON:
        start, end = start - (end - now), now
    if period < 1:
        raise _invalid(f"The period {period} is not a whole number of seconds from 1 on.")
    if not start < end:
        raise _invalid("The parameter StartTime must be less than the parameter EndTime.")
    window = Window(int(start // period * period), int(-(-end // 1)), period)
    if len(window.times) > _MOST_POINTS:
        raise _invalid(f"{len(window.times)} periods of {period} s are more than the {_MOST_POINTS} of a call.")
    return window


def _evaluated(store: MetricStore, region: str, queries: list[dict[str, Any]], window: Window) -> dict[str, Value]:
    try:
        return evaluate(store, region, queries, window)
    except QueryError as error:
        raise _invalid(str(error)) from None


def _series(value: Value, window: Window) -> list[TimeSeries]:
    """The lines that a value is: a number is one with the same value everywhere."""
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else [dict.fromkeys(window.times, value)]


def _result(query: Mapping[str, Any], found: TimeSeries, *, newest_first: bool) -> dict[str, Any]:
    label = query.get("Label") or query.get("MetricStat", {}).get("Metric", {}).get("MetricName") or query["Id"]
    times = sorted(found, reverse=newest_first)
    return {
        "Id": query["Id"],
        "Label": label,
        "Timestamps": times,
        "Values": [found[time] for time in times],
        "StatusCode": "Complete",
    }


def _fits(metric: Metric, wanted: Mapping[str, Any]) -> bool:
    own = dict(metric.dimensions)
    return (
        wanted.get("Namespace", metric.namespace) == metric.namespace
        and wanted.get("MetricName", metric.name) == metric.name
        and all(
            each["Name"] in own and each.get("Value", own[each["Name"]]) == own[each["Name"]]
            for each in wanted.get("Dimensions", ())
        )
    )


def _shown(metric: Metric) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    return {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}


def _seconds(given: Any) -> float:
    """Epoch seconds, which JSON callers send as a number or as ISO 8601."""
    if isinstance(given, str):
        return datetime.fromisoformat(given).replace(tzinfo=UTC).timestamp()
    return float(given)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValue", message)

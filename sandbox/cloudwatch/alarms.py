"""The alarms of all regions: kept beside the emulator, which overlooks dimensions and metric math, and evaluated here.

What follows from a state is the emulator's: it keeps the state and its history, evaluates the composite alarms above
it, and tells the topics among its actions.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from logging import getLogger
from typing import Any

from sandbox.background import end
from sandbox.cloudwatch.alarm_states import COMPARISONS, MORE_PERIODS, UNKNOWN, state
from sandbox.cloudwatch.expressions import TimeSeries
from sandbox.cloudwatch.queries import QueryError, Window, evaluate, metric_of, statistic
from sandbox.cloudwatch.queues import measure_queues
from sandbox.cloudwatch.store import MetricStore
from sandbox.extensions.call import DEFAULT_ACCOUNT, AwsError, Call, Handler, Scope, Upstream

log = getLogger(__name__)
_LONGEST_PAUSE = 5.0  # seconds
_SHORTEST_PAUSE = 0.2  # real ones, however fast time passes
_DYNAMODB = "AWS/DynamoDB"
_OF_ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit")


@dataclass
class _Alarm:
    region: str
    settings: Mapping[str, Any]
    state: str = UNKNOWN
    seen: int = field(default=0)  # the end of the last period that was looked at

    @property
    def queries(self) -> Sequence[Mapping[str, Any]]:
        return list(self.settings.get("Metrics", ()))

    @property
    def period(self) -> int:
        if not self.queries:
            return int(self.settings["Period"])
        return max(int(query["MetricStat"]["Period"]) for query in self.queries if "MetricStat" in query)

    @property
    def metrics(self) -> list[Mapping[str, Any]]:
        return [query["MetricStat"]["Metric"] for query in self.queries if "MetricStat" in query] or [self.settings]

    @property
    def missing(self) -> str:
        """What is assumed of missing points: nothing of DynamoDB's metrics, whatever the alarm says."""
        if any(each.get("Namespace") == _DYNAMODB for each in self.metrics):
            return "ignore"
        return str(self.settings.get("TreatMissingData", "missing"))


class Alarms:
    """Evaluates the metric alarms of all regions, but of those for which `is_down`.

    `on_change` is called after each change of a state.
    """

    def __init__(
        self,
        upstream: Upstream,
        metrics: MetricStore,
        on_change: Callable[[], None],
        is_down: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._upstream = upstream
        self._metrics = metrics
        self._on_change = on_change
        self._is_down = is_down
        self._alarms: dict[tuple[str, str], _Alarm] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("cloudwatch", "PutMetricAlarm"): self._put,
            ("cloudwatch", "DescribeAlarms"): self._describe,
            ("cloudwatch", "DeleteAlarms"): self._delete,
            ("cloudwatch", "SetAlarmState"): self._set,
        }

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends it; harmless to repeat."""
        await end(self._task)

    async def evaluate(self) -> None:
        """Looks at each alarm that a period has ended for since it was last looked at."""
        now, due = self._metrics.now(), []
        for alarm in self._alarms.values():
            period = max(1, round(self._metrics.real(alarm.period)))
            end = int(now // period * period)
            if end > alarm.seen and not self._is_down(alarm.region):
                alarm.seen = end
                due.append((alarm, Window(end - period * _periods(alarm), end, period)))
        if not due:
            return
        self._metrics.read_gauges()
        for alarm, window in due:
            await measure_queues(
                self._metrics, self._upstream, {metric_of(alarm.region, each) for each in alarm.metrics}
            )
            await self._look_at(alarm, window)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(max(min(self._metrics.real(_LONGEST_PAUSE), _LONGEST_PAUSE), _SHORTEST_PAUSE))
            try:
                await self.evaluate()
            except Exception:
                log.exception("alarms were not evaluated")

    async def _look_at(self, alarm: _Alarm, window: Window) -> None:
        given = alarm.settings
        points = self._points(alarm, window)
        compare = COMPARISONS[given["ComparisonOperator"]]
        breaches = [compare(points[at], given["Threshold"]) if at in points else None for at in window.times]
        after = state(
            breaches,
            of=given["EvaluationPeriods"],
            needed=given.get("DatapointsToAlarm") or given["EvaluationPeriods"],
            missing=alarm.missing,
            before=alarm.state,
        )
        if after != alarm.state:
            recent = [points[at] for at in window.times if at in points][-given["EvaluationPeriods"] :]
            reason = (
                f"Threshold {given['Threshold']} ({given['ComparisonOperator']}): the last data points are {recent}"
            )
            await self._upstream(
                Scope(DEFAULT_ACCOUNT, alarm.region, "cloudwatch"),
                "SetAlarmState",
                AlarmName=given["AlarmName"],
                StateValue=after,
                StateReason=reason if recent else "Insufficient Data: there are no data points",
                StateReasonData=json.dumps({"recentDatapoints": recent, "threshold": given["Threshold"]}),
            )
            alarm.state = after
            self._on_change()

    def _points(self, alarm: _Alarm, window: Window) -> TimeSeries:
        if not alarm.queries:
            name = alarm.settings.get("Statistic") or alarm.settings["ExtendedStatistic"]
            return statistic(self._metrics, metric_of(alarm.region, alarm.settings), name, window)
        values = evaluate(self._metrics, alarm.region, alarm.queries, window)
        found = values[_watched(alarm.queries)]
        return found if isinstance(found, dict) else {}

    async def _put(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        region, settings = call.scope.region, call.parameters
        alarm = _Alarm(region, settings)
        self._require_emulated(alarm)
        await upstream(call.scope, "PutMetricAlarm", **settings)
        known = self._alarms.get((region, settings["AlarmName"]))
        if known:
            alarm.state = known.state
        self._alarms[region, settings["AlarmName"]] = alarm
        return {}

    async def _describe(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        answer = await upstream(call.scope, "DescribeAlarms", **call.parameters)
        described = [self._described(call.scope.region, alarm) for alarm in answer.get("MetricAlarms", ())]
        return {**answer, "MetricAlarms": described}

    async def _delete(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        await upstream(call.scope, "DeleteAlarms", **call.parameters)
        for name in call.parameters["AlarmNames"]:
            self._alarms.pop((call.scope.region, name), None)
        return {}

    async def _set(self, call: Call, _: Upstream) -> None:
        """Holds until the next evaluation, as on AWS."""
        if alarm := self._alarms.get((call.scope.region, call.parameters["AlarmName"])):
            alarm.state = call.parameters["StateValue"]
            alarm.seen = 0

    def _described(self, region: str, described: dict[str, Any]) -> dict[str, Any]:
        alarm = self._alarms.get((region, described["AlarmName"]))
        if alarm is None or not alarm.queries:
            return described
        own = {name: value for name, value in described.items() if name not in _OF_ONE_METRIC}
        return {**own, "Metrics": [*alarm.queries]}

    def _require_emulated(self, alarm: _Alarm) -> None:
        """Says at once what would otherwise fail in each evaluation."""
        comparison = alarm.settings["ComparisonOperator"]
        if comparison not in COMPARISONS:
            raise AwsError("ValidationError", f"The sandbox does not emulate {comparison}: anomaly detection.")
        try:
            self._points(alarm, Window(0, 60, 60))
        except QueryError as error:
            raise AwsError("ValidationError", f"The alarm {alarm.settings['AlarmName']}: {error}.") from None


def _periods(alarm: _Alarm) -> int:
    return int(alarm.settings["EvaluationPeriods"]) + MORE_PERIODS


def _watched(queries: Sequence[Mapping[str, Any]]) -> str:
    """The id of the one query whose result the alarm is on."""
    return next(str(query["Id"]) for query in queries if query.get("ReturnData", True))

"""What a region's alarms watch, and when they sound: plain values, computed from what there is to measure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.metrics import Measured, Metric

_PERIOD = 60  # seconds: AWS's own metrics come once a minute
_MOST_METRICS = 10  # "PutMetricAlarm" in the Amazon CloudWatch API Reference: of one alarm on metric math

# Clients of the API have given up by then: AppSync ends a request after 30 seconds, and people go sooner.
_SLOW_MS = 5000
_FAILING = 0.5
_ERROR_PERCENT = 5
_FEWEST_REQUESTS = 20  # a minute: one failure of a handful is no rate
_LATE_MS = 60_000  # of what should take a second


@dataclass(frozen=True, kw_only=True)
class AlarmSettings:
    """One alarm.

    Attributes:
        kind: its name within the region.
        watched: the metric that it is on, or several by their ids with the `expression` over them.
        threshold: sounds above it, or below it where `is_floor`.
        points: how many of the last `periods` minutes must be beyond it.
        missing: what a minute without data counts as.
        is_routed: Route 53 may heed it: it is on one metric, with a standard statistic.
        is_part: people are told by the alarm `unhealthy`, which it is a part of.
        tells_silence: that its metric stopped coming is news too.
    """

    kind: str
    description: str
    watched: Metric | Mapping[str, Metric]
    threshold: float
    points: int
    periods: int
    expression: str | None = None
    is_floor: bool = False
    missing: str = "notBreaching"
    is_routed: bool = False
    is_part: bool = False
    tells_silence: bool = False

    @property
    def inputs(self) -> dict[str, Any]:
        """What of a MetricAlarm it decides, apart from its name and whom it tells."""
        return {
            "alarm_description": self.description,
            "threshold": self.threshold,
            "comparison_operator": "LessThanThreshold" if self.is_floor else "GreaterThanThreshold",
            "evaluation_periods": self.periods,
            "datapoints_to_alarm": self.points,
            "treat_missing_data": self.missing,
            **(_one(self.watched) if isinstance(self.watched, Metric) else _math(self.watched, self.expression)),
        }


def settings(measured: Measured) -> list[AlarmSettings]:
    """The region's alarms, by the most important first: few, and each one a reason to look."""
    made = (_errors, _latency, _canary, _error_rate, _authorizer, _throttles, _iterator_age, _replication)
    return [alarm for make in made if (alarm := make(measured)) is not None]


def _errors(measured: Measured) -> AlarmSettings:
    return AlarmSettings(
        kind="errors",
        description=(
            "More than half of what the resolvers' function was asked failed, for three minutes. Route 53 stops naming "
            "the region. The function's log says why."
        ),
        # Lambda counts 0 for each invocation that succeeds, so that the average is the rate. AppSync answers a field
        # that fails with status 200, and so counts no error of its own.
        watched=measured.function("resolvers", "Errors", "Average"),
        threshold=_FAILING,
        points=3,
        periods=3,
        is_routed=True,
        is_part=True,
    )


def _latency(measured: Measured) -> AlarmSettings:
    return AlarmSettings(
        kind="latency",
        description=(
            f"Requests took more than {_SLOW_MS} ms on average, for three minutes. Route 53 stops naming the region. "
            "X-Ray shows where the time goes."
        ),
        watched=measured.api("Latency", "Average"),
        threshold=_SLOW_MS,
        points=3,
        periods=3,
        is_routed=True,
        is_part=True,
    )


def _canary(measured: Measured) -> AlarmSettings:
    return AlarmSettings(
        kind="canary",
        description=(
            "The region's health endpoint said unhealthy for most of three minutes: ask its URL which part fails."
        ),
        watched=measured.own("Healthy"),
        threshold=_FAILING,
        points=3,
        periods=3,
        is_floor=True,
        missing="missing",
        is_part=True,
        tells_silence=True,
    )


def _error_rate(measured: Measured) -> AlarmSettings:
    return AlarmSettings(
        kind="error-rate",
        description=f"More than {_ERROR_PERCENT}% of requests failed inside, in three of five minutes: see the logs.",
        watched={
            "requests": measured.api("Requests"),
            "refused": measured.api("5XXError"),
            "failed": measured.function("resolvers", "Errors"),
        },
        expression=(f"IF(requests > {_FEWEST_REQUESTS}, 100 * (FILL(refused, 0) + FILL(failed, 0)) / requests, 0)"),
        threshold=_ERROR_PERCENT,
        points=3,
        periods=5,
    )


def _authorizer(measured: Measured) -> AlarmSettings:
    return AlarmSettings(
        kind="authorizer",
        description="The authorizer failed, and so let nobody in. Its log says why: the token's secret, mostly.",
        watched=measured.function("authorizer", "Errors"),
        threshold=0,
        points=2,
        periods=3,
    )


def _throttles(measured: Measured) -> AlarmSettings:
    watched = {f"m{place}": measured.function(which, "Throttles") for place, which in enumerate(measured.functions)}
    return AlarmSettings(
        kind="throttles",
        description="Lambda refused to run the region's functions: the account's concurrency there is used up.",
        watched=watched,
        expression=f"SUM([{', '.join(watched)}])",
        threshold=0,
        points=2,
        periods=3,
    )


def _iterator_age(measured: Measured) -> AlarmSettings | None:
    if "fan-out" not in measured.functions:
        return None
    return AlarmSettings(
        kind="iterator-age",
        description=f"Subscribers hear of changes more than {_LATE_MS // 1000} s late: see why the fan-out fails.",
        watched=measured.function("fan-out", "IteratorAge", "Maximum"),
        threshold=_LATE_MS,
        points=3,
        periods=5,
    )


def _replication(measured: Measured) -> AlarmSettings | None:
    """Of one other region, the next: so each region is watched once as writer and once as reader."""
    watched = {f"m{place}": each for place, each in enumerate(measured.replication()[:_MOST_METRICS])}
    if not watched:
        return None
    return AlarmSettings(
        kind="replication",
        description=f"Writes take more than {_LATE_MS // 1000} s to {', '.join(measured.receivers)}.",
        watched=watched,
        expression=f"MAX([{', '.join(watched)}])",
        threshold=_LATE_MS,
        points=3,
        periods=5,
    )


def _one(metric: Metric) -> dict[str, Any]:
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": dict(metric.dimensions),
        "statistic": metric.statistic,
        "period": _PERIOD,
    }


def _math(metrics: Mapping[str, Metric], expression: str | None) -> dict[str, Any]:
    queries: list[dict[str, Any]] = [{"id": "result", "expression": expression, "return_data": True}]
    for id_, metric in metrics.items():
        found = {
            "namespace": metric.namespace,
            "metric_name": metric.name,
            "dimensions": dict(metric.dimensions),
            "stat": metric.statistic,
            "period": _PERIOD,
        }
        queries.append({"id": id_, "metric": found, "return_data": False})
    return {"metric_queries": queries}


def rule(names: Sequence[str]) -> str:
    """The rule of an alarm that sounds when any of these does."""
    quote: Callable[[str], str] = '"{}"'.format  # a dot in a name needs it
    return " OR ".join(f"ALARM({quote(name)})" for name in names)

"""The alarms' conditions, evaluated as the sandbox's CloudWatch evaluates them."""

from typing import Any

import pytest

from components.alarm_settings import AlarmSettings, rule, settings
from components.metrics import Measured, Metric
from sandbox.cloudwatch.expressions import evaluate

FUNCTIONS = {"authorizer": "auth", "resolvers": "res", "fan-out": "fan"}
STANDARD = {"Average", "Maximum", "Minimum", "SampleCount", "Sum"}


def measured(**changes: Any) -> Measured:
    given = {"domain": "example.com", "key": "ireland", "region": "eu-west-1", "api_id": "a", "functions": FUNCTIONS}
    tables = tuple(f"example.com.t{number}" for number in range(12))
    return Measured(**{**given, "tables": tables, "receivers": ("ap-southeast-2",), **changes})


def alarms(**changes: Any) -> dict[str, AlarmSettings]:
    return {alarm.kind: alarm for alarm in settings(measured(**changes))}


def test_there_is_no_alarm_on_what_a_region_does_not_have() -> None:
    without_fan_out = {name: function for name, function in FUNCTIONS.items() if name != "fan-out"}

    assert alarms().keys() - alarms(functions=without_fan_out, receivers=()).keys() == {"iterator-age", "replication"}
    assert "replication" not in alarms(tables=())


@pytest.mark.parametrize(
    ("requests", "refused", "failed", "sounds"),
    [
        (100, None, None, False),
        (100, None, 5, False),
        (100, 1, 5, True),
        (100, 6, None, True),
        (20, None, 20, False),  # a handful is no rate
        (None, None, 3, False),
    ],
)
def test_the_error_rate_is_of_a_fair_number_of_requests(
    requests: float | None, refused: float | None, failed: float | None, *, sounds: bool
) -> None:
    alarm = alarms()["error-rate"]
    given = {"requests": requests, "refused": refused, "failed": failed}
    series: dict[str, Any] = {name: {} if value is None else {0: value} for name, value in given.items()}

    assert alarm.expression
    value = evaluate(alarm.expression, series, [0])

    assert isinstance(value, dict)
    assert (value.get(0, 0.0) > alarm.threshold) == sounds


@pytest.mark.parametrize(("kind", "value"), [("throttles", 3.0), ("replication", 2.0)])
def test_several_metrics_are_one_number(kind: str, value: float) -> None:
    alarm = alarms()[kind]
    assert isinstance(alarm.watched, dict)
    values = dict(zip(alarm.watched, [1.0, 2.0], strict=False))
    series: dict[str, Any] = {id_: {0: values[id_]} if id_ in values else {} for id_ in alarm.watched}

    assert alarm.expression
    assert evaluate(alarm.expression, series, [0]) == {0: value}


def test_cloudwatch_takes_each_of_them() -> None:
    for alarm in alarms().values():
        inputs = alarm.inputs
        assert 1 <= alarm.points <= alarm.periods
        assert len(inputs["alarm_description"]) <= 1024
        if isinstance(alarm.watched, Metric):
            assert inputs["statistic"] in STANDARD
        else:
            assert [query["return_data"] for query in inputs["metric_queries"]].count(True) == 1
            assert 1 <= len(alarm.watched) <= 10
            assert not alarm.is_routed, "Route 53 knows no metric math"


def test_a_rule_sounds_with_any_of_its_alarms() -> None:
    assert rule(["a.b-c", "d"]) == 'ALARM("a.b-c") OR ALARM("d")'

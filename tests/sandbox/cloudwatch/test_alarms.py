"""Alarms, from a metric to who is told, through the gateway."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.cloudwatch.alarms import Alarms
from sandbox.cloudwatch.store import MetricStore, metric
from sandbox.extensions.call import Call, Scope
from sandbox.extensions.upstream import EmulatorCalls
from sandbox.ports import LOOPBACK, Ports
from tests.sandbox.embedded import ports
from tests.sandbox.streams.world import World, eventually, world

__all__ = ["ports"]

REGION = "eu-west-1"
ERRORS = metric(REGION, "AWS/AppSync", "5XXError", {"GraphQLAPIId": "a"})
REQUESTS = ERRORS._replace(name="Requests")
LIMIT = {"Threshold": 10, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}
DIMENSIONS = [{"Name": "GraphQLAPIId", "Value": "a"}]
ON_ERRORS: dict[str, Any] = {
    "AlarmName": "errors",
    "Namespace": "AWS/AppSync",
    "MetricName": "5XXError",
    "Dimensions": DIMENSIONS,
    "Statistic": "Sum",
    "Period": 60,
    "TreatMissingData": "notBreaching",
    **LIMIT,
}


def of(id_: str, name: str) -> dict[str, Any]:
    found = {"Namespace": "AWS/AppSync", "MetricName": name, "Dimensions": DIMENSIONS}
    return {"Id": id_, "MetricStat": {"Metric": found, "Period": 60, "Stat": "Sum"}, "ReturnData": False}


@asynccontextmanager
async def cloudwatch(ports: Ports, scale: float) -> AsyncIterator[tuple[World, MetricStore, Any]]:
    store = MetricStore(real=lambda seconds: seconds / scale)
    async with world(ports, metrics=store) as there:
        call = partial(there.call, "cloudwatch", REGION)
        try:
            yield there, store, call
        finally:
            alarms = await call("describe_alarms", AlarmTypes=["CompositeAlarm", "MetricAlarm"])
            for kind in ("CompositeAlarms", "MetricAlarms"):
                for alarm in alarms[kind]:
                    await call("delete_alarms", AlarmNames=[alarm["AlarmName"]])


async def states(call: Any) -> dict[str, str]:
    answer = await call("describe_alarms", AlarmTypes=["CompositeAlarm", "MetricAlarm"])
    return {each["AlarmName"]: each["StateValue"] for each in answer["MetricAlarms"] + answer["CompositeAlarms"]}


async def told(there: World, queue: str) -> list[tuple[str, str]]:
    bodies = [json.loads(message["Body"]) for message in await there.messages(queue)]
    return [(text["AlarmName"], text["NewStateValue"]) for text in (json.loads(body["Message"]) for body in bodies)]


def test_an_alarm_follows_its_metric_and_tells_its_topic_once_a_change(ports: Ports) -> None:
    async def story() -> None:
        async with cloudwatch(ports, scale=60) as (there, store, call):
            topic = (await there.call("sns", REGION, "create_topic", Name="alarms"))["TopicArn"]
            queue = await there.queue(REGION, "told")
            await there.call("sns", REGION, "subscribe", TopicArn=topic, Protocol="sqs", Endpoint=queue)
            await call("put_metric_alarm", **ON_ERRORS)
            rule = "ALARM(errors) AND NOT ALARM(other)"
            await call("put_metric_alarm", **ON_ERRORS | {"AlarmName": "other", "Dimensions": []})
            await call("put_composite_alarm", AlarmName="unhealthy", AlarmRule=rule, AlarmActions=[topic])
            there.changed.clear()

            async def errors_are_seen() -> bool:
                store.record(ERRORS, 20)
                return (await states(call))["unhealthy"] == "ALARM"

            await eventually(errors_are_seen)
            assert "cloudwatch" in there.changed, "what reads alarms learns of it"

            async def all_is_well() -> bool:
                return set((await states(call)).values()) == {"OK"}

            await eventually(all_is_well)
            assert await told(there, queue) == [("unhealthy", "ALARM")]

    asyncio.run(story())


def test_an_alarm_on_metric_math_shows_its_queries_and_is_evaluated(ports: Ports) -> None:
    async def story() -> None:
        async with cloudwatch(ports, scale=60) as (_, store, call):
            rate = {"Id": "rate", "Expression": "100 * errors / requests", "ReturnData": True}
            queries = [rate, of("errors", "5XXError"), of("requests", "Requests")]
            await call("put_metric_alarm", AlarmName="rate", Metrics=queries, **LIMIT)
            (shown,) = (await call("describe_alarms", AlarmNames=["rate"]))["MetricAlarms"]
            assert shown["Metrics"] == queries
            assert not shown.keys() & {"MetricName", "Statistic", "Period"}

            async def seen(errors: int, wanted: str) -> bool:
                store.record(REQUESTS, count=100)
                store.record(ERRORS, count=errors)
                return (await states(call))["rate"] == wanted

            await eventually(lambda: seen(20, "ALARM"))
            await eventually(lambda: seen(5, "OK"))

    asyncio.run(story())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "does not emulate GreaterThanUpperThreshold"),
        ({"Statistic": None, "ExtendedStatistic": "tm99"}, "does not emulate the statistic 'tm99'"),
    ],
)
def test_what_could_never_be_evaluated_is_refused_at_once(ports: Ports, settings: dict[str, Any], message: str) -> None:
    async def story() -> None:
        async with cloudwatch(ports, scale=1) as (_, _, call):
            wanted = {name: value for name, value in {**ON_ERRORS, **settings}.items() if value is not None}
            with pytest.raises(ClientError, match=message):
                await call("put_metric_alarm", **wanted)

    asyncio.run(story())


def test_a_region_that_is_down_does_not_evaluate(ports: Ports) -> None:
    async def story() -> None:
        down = {REGION}
        store, calls = MetricStore(lambda: 600.0), EmulatorCalls(f"http://{LOOPBACK}:{ports.emulator}")
        async with cloudwatch(ports, scale=1) as (_, _, call):
            await calls.start()
            alarms = Alarms(calls, store, lambda: None, down.__contains__)
            await call("put_metric_alarm", **ON_ERRORS)
            await put(alarms, calls, ON_ERRORS)
            store.record(ERRORS, 20, at=550)
            await alarms.evaluate()
            assert await states(call) == {"errors": "INSUFFICIENT_DATA"}
            down.clear()
            await alarms.evaluate()
            assert await states(call) == {"errors": "ALARM"}
            await calls.stop()

    asyncio.run(story())


async def put(alarms: Alarms, calls: EmulatorCalls, settings: dict[str, Any]) -> None:
    scope = Scope("000000000000", REGION, "cloudwatch")
    await alarms.handlers["cloudwatch", "PutMetricAlarm"](Call(scope, "PutMetricAlarm", settings, ""), calls)

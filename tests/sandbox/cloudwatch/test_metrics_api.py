"""CloudWatch's metrics as boto3 gets them, through the gateway."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.cloudwatch.store import MetricStore, metric
from sandbox.ports import Ports
from tests.sandbox.embedded import ports
from tests.sandbox.streams.world import World, world

__all__ = ["ports"]

REGION = "eu-west-1"
API = {"GraphQLAPIId": "a"}
DIMENSIONS = [{"Name": "GraphQLAPIId", "Value": "a"}]


@asynccontextmanager
async def cloudwatch(ports: Ports) -> AsyncIterator[tuple[World, MetricStore, Any]]:
    store = MetricStore()
    async with world(ports, metrics=store) as there:
        yield there, store, partial(there.call, "cloudwatch", REGION)


def query(id_: str, name: str, stat: str = "Sum", period: int = 60, **metric: Any) -> dict[str, Any]:
    found = {"Namespace": "AWS/AppSync", "MetricName": name, "Dimensions": DIMENSIONS, **metric}
    return {"Id": id_, "MetricStat": {"Metric": found, "Period": period, "Stat": stat}}


def test_what_was_measured_is_told_with_metric_math(ports: Ports) -> None:
    async def story() -> None:
        async with cloudwatch(ports) as (_, store, call):
            begin = int(time.time()) // 60 * 60 - 120
            for at, requests, errors in ((begin, 10, 1), (begin + 61, 20, 0)):
                store.record(metric(REGION, "AWS/AppSync", "Requests", API), count=requests, at=at)
                if errors:
                    store.record(metric(REGION, "AWS/AppSync", "5XXError", API), count=errors, at=at)
            store.record(metric("us-east-1", "AWS/AppSync", "Requests", API), count=99, at=begin)
            answer = await call(
                "get_metric_data",
                StartTime=begin + 5,
                EndTime=begin + 120,
                ScanBy="TimestampAscending",
                MetricDataQueries=[
                    query("requests", "Requests"),
                    {**query("errors", "5XXError"), "ReturnData": False},
                    {"Id": "rate", "Expression": "100 * FILL(errors, 0) / requests", "Label": "errors, percent"},
                ],
            )
        results = {each["Id"]: each for each in answer["MetricDataResults"]}
        assert results.keys() == {"requests", "rate"}
        assert results["requests"]["Values"] == [10, 20]
        assert [each.timestamp() for each in results["requests"]["Timestamps"]] == [begin, begin + 60]
        assert (results["rate"]["Values"], results["rate"]["Label"]) == ([10, 0], "errors, percent")

    asyncio.run(story())


def test_callers_put_metrics_of_their_own(ports: Ports) -> None:
    async def story() -> None:
        async with cloudwatch(ports) as (_, _, call):
            now = int(time.time()) // 60 * 60 - 60
            common = {"MetricName": "Lag", "Timestamp": now, "Dimensions": [{"Name": "To", "Value": "sydney"}]}
            statistics = {"SampleCount": 2, "Sum": 8, "Minimum": 3, "Maximum": 5}
            await call(
                "put_metric_data",
                Namespace="Own",
                MetricData=[
                    {**common, "Value": 2},
                    {**common, "Values": [1.0, 7.0], "Counts": [2.0, 1.0]},
                    {**common, "StatisticValues": statistics},
                ],
            )
            given = {"Namespace": "Own", "MetricName": "Lag", "Dimensions": common["Dimensions"], "Period": 60}
            answer = await call(
                "get_metric_statistics",
                StartTime=now,
                EndTime=now + 60,
                Statistics=["Sum", "SampleCount", "Minimum", "Maximum", "Average"],
                **given,
            )
            listed = await call("list_metrics", Namespace="Own", Dimensions=[{"Name": "To"}])
            nothing = await call("list_metrics", Namespace="Own", Dimensions=[{"Name": "To", "Value": "london"}])
        (point,) = answer["Datapoints"]
        point.pop("Timestamp"), point.pop("Unit")
        assert point == {"Sum": 19, "SampleCount": 6, "Minimum": 1, "Maximum": 7, "Average": 19 / 6}
        assert [each["MetricName"] for each in listed["Metrics"]] == ["Lag"]
        assert nothing["Metrics"] == []

    asyncio.run(story())


def test_times_to_come_are_those_of_a_function_whose_clock_is_ahead(ports: Ports) -> None:
    async def story() -> None:
        async with cloudwatch(ports) as (_, store, call):
            store.record(metric(REGION, "AWS/AppSync", "Requests", API), count=7)
            ahead = time.time() + 6000
            asked = [query("requests", "Requests")]
            answer = await call("get_metric_data", StartTime=ahead - 300, EndTime=ahead, MetricDataQueries=asked)
        assert sum(answer["MetricDataResults"][0]["Values"]) == 7

    asyncio.run(story())


def test_the_depth_of_a_queue_is_measured_when_it_is_asked_for(ports: Ports) -> None:
    async def story() -> None:
        async with cloudwatch(ports) as (there, _, call):
            await there.queue(REGION, "letters")
            url = (await there.call("sqs", REGION, "get_queue_url", QueueName="letters"))["QueueUrl"]
            for body in ("one", "two"):
                await there.call("sqs", REGION, "send_message", QueueUrl=url, MessageBody=body)
            depth = query("m", "ApproximateNumberOfMessagesVisible", "Maximum", Namespace="AWS/SQS")
            for queue, wanted in (("letters", [2.0]), ("no-such-queue", [])):
                depth["MetricStat"]["Metric"]["Dimensions"] = [{"Name": "QueueName", "Value": queue}]
                answer = await call(
                    "get_metric_data",
                    StartTime=time.time() - 60,
                    EndTime=time.time() + 1,
                    MetricDataQueries=[depth],
                )
                assert answer["MetricDataResults"][0]["Values"][:1] == wanted

    asyncio.run(story())


@pytest.mark.parametrize(
    ("queries", "message"),
    [
        ([query("m", "Requests", "tm99")], "does not emulate the statistic 'tm99'"),
        ([query("m", "Requests"), {"Id": "e", "Expression": "RATE(m)"}], r"does not emulate 'RATE\(m\)'"),
        ([{"Id": "a", "Expression": "b"}, {"Id": "b", "Expression": "a"}], "a, b name one another"),
        ([query("m", "A"), query("n", "A", period=300), {"Id": "e", "Expression": "m"}], "of one period only"),
    ],
)
def test_what_the_sandbox_lacks_is_refused(ports: Ports, queries: list[dict[str, Any]], message: str) -> None:
    async def story() -> None:
        async with cloudwatch(ports) as (_, _, call):
            now = time.time()
            with pytest.raises(ClientError, match=message):
                await call("get_metric_data", StartTime=now - 60, EndTime=now, MetricDataQueries=queries)

    asyncio.run(story())

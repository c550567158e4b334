"""What functions print, as CloudWatch shows it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sandbox.cloudwatch.function_logs import FunctionLogs, LogStream
from sandbox.cloudwatch.store import MetricStore, metric
from sandbox.extensions.call import Scope
from sandbox.extensions.upstream import EmulatorCalls
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import LOOPBACK, Ports
from sandbox.roles import Roles
from tests.sandbox.embedded import Aws, embedded_aws, ports

__all__ = ["ports"]

PRINTS = """
import json
def handler(event, context):
    print("hello", event["name"])
    directive = {"Namespace": "Antipodes", "Dimensions": [["Region"]], "Metrics": [{"Name": "Healthy"}]}
    print(json.dumps({"_aws": {"CloudWatchMetrics": [directive]}, "Region": "ireland", "Healthy": 1}))
"""


class Logs:
    """The logs of functions, carried on when the test says so."""

    def __init__(self, aws: Aws, calls: EmulatorCalls, down: set[str]) -> None:
        self.metrics = MetricStore()
        self.of_functions = FunctionLogs(calls, self.metrics, down.__contains__)
        self._aws = aws

    async def messages(self, region: str, group: str) -> list[str]:
        answer = await self._aws.call("logs", region, "filter_log_events", logGroupName=group)
        return [event["message"] for event in answer["events"]]

    async def groups(self, region: str) -> list[str]:
        answer = await self._aws.call("logs", region, "describe_log_groups")
        return [group["logGroupName"] for group in answer["logGroups"]]


@asynccontextmanager
async def logs_here(ports: Ports, down: set[str] | None = None) -> AsyncIterator[tuple[Aws, Logs]]:
    calls = EmulatorCalls(f"http://{LOOPBACK}:{ports.emulator}")
    async with embedded_aws(ports) as aws:
        await calls.start()
        try:
            yield aws, Logs(aws, calls, down or set())
        finally:
            await calls.stop()


def test_a_functions_lines_are_in_the_region_that_it_ran_in_and_its_metrics_too(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with logs_here(ports) as (aws, logs):
            own, metrics = logs.of_functions, logs.metrics
            runtime = LambdaRuntime(aws.control_plane, aws.url, tmp_path, Roles(), metrics=metrics, logs=own)
            try:
                arn = await aws.function("printer", {"h.py": PRINTS}, region="us-east-1")
                await runtime.invoke(arn, {"name": "home"})
                await runtime.invoke(arn, {"name": "edge"}, executing_region="us-east-1")
                await runtime.invoke(arn, {"name": "away"}, executing_region="sa-east-1")
                await own.carry()
            finally:
                await runtime.stop()
            assert (await logs.messages("sa-east-1", "/aws/lambda/us-east-1.printer"))[0] == "hello away"
            files = {file.name: file.read_text() for file in (tmp_path / "logs").iterdir()}
        assert "hello away" in files["printer.sa-east-1.log"], "the files stay as they are"

        def invocations(region: str, name: str) -> float:
            found = metric(region, "AWS/Lambda", "Invocations", {"FunctionName": name})
            return sum(each.total for each in metrics.read(found, 0, 2**33, 2**33).values())

        assert [invocations("us-east-1", "printer"), invocations("us-east-1", "us-east-1.printer")] == [1, 1]
        assert invocations("sa-east-1", "us-east-1.printer") == 1
        healthy = metric("sa-east-1", "Antipodes", "Healthy", {"Region": "ireland"})
        assert [each.total for each in metrics.read(healthy, 0, 2**33, 2**33).values()] == [1]

    asyncio.run(story())


def test_a_group_of_the_programs_own_gets_lines_while_it_is_there_and_is_not_made(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with logs_here(ports) as (aws, logs):
            file = tmp_path / "log"
            file.write_text("before\n")
            logs.of_functions.follow(file, LogStream("eu-west-1", "own", "stream"))
            write(file, "nobody")
            await logs.of_functions.carry()
            assert "own" not in await logs.groups("eu-west-1")
            await aws.call("logs", "eu-west-1", "create_log_group", logGroupName="own")
            write(file, "one", "", "two", end="thr")
            await logs.of_functions.carry()
            write(file, "ee")
            await logs.of_functions.carry()
            assert await logs.messages("eu-west-1", "own") == ["one", "two", "three"]
            await aws.call("logs", "eu-west-1", "delete_log_group", logGroupName="own")

    asyncio.run(story())


def test_a_region_that_is_down_tells_its_lines_afterwards(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        down = {"eu-west-1"}
        async with logs_here(ports, down) as (_, logs):
            file = tmp_path / "log"
            logs.of_functions.follow(file, LogStream("eu-west-1", "/aws/lambda/later", "stream"))
            write(file, "while it was down")
            await logs.of_functions.carry()
            assert "/aws/lambda/later" not in await logs.groups("eu-west-1")
            down.clear()
            await logs.of_functions.carry()
            assert await logs.messages("eu-west-1", "/aws/lambda/later") == ["while it was down"]

    asyncio.run(story())


def test_many_lines_are_carried_in_calls_that_cloudwatch_takes(tmp_path: Path) -> None:
    put: list[int] = []

    async def upstream(scope: Scope, operation: str, **parameters: Any) -> dict[str, Any]:
        events = parameters.get("logEvents", [])
        size = sum(len(json.dumps(event["message"])) - 2 + 26 for event in events)
        assert len(events) <= 10_000
        assert size <= 1_048_576
        assert scope.region == "eu-west-1"
        put.append(len(events) if operation == "PutLogEvents" else 0)
        return {}

    async def story() -> None:
        file = tmp_path / "log"
        logs = FunctionLogs(upstream, MetricStore())
        logs.follow(file, LogStream("eu-west-1", "g", "s"))
        write(file, *("x" * (each % 90) or "y" for each in range(30_000)))
        for _ in range(5):
            await logs.carry()
        assert sum(put) == 30_000

    asyncio.run(story())


def write(file: Path, *lines: str, end: str = "") -> None:
    with file.open("a") as opened:
        opened.write("".join(f"{line}\n" for line in lines) + end)

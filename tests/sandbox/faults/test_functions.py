"""Functions that fail, are slow, or whose region is down."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sandbox.faults.functions import FunctionFaults, RegionDownError, when_up
from sandbox.faults.kinds import FunctionFailing, FunctionSlow, RegionDown
from sandbox.faults.state import Faults
from sandbox.lambda_instance import FunctionError
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import Ports
from sandbox.roles import Roles
from tests.sandbox.embedded import Aws, embedded_aws, ports
from tests.sandbox.streams.world import eventually

__all__ = ["ports"]

CODE = """
import os, time
def handler(event, context):
    if "begun" in event:
        open(event["begun"], "w").close()
        time.sleep(30)
    return os.getpid()
"""
ARN = "arn:aws:lambda:eu-west-1:000000000000:function:f"


@asynccontextmanager
async def lambda_here(ports: Ports, folder: Path) -> AsyncIterator[tuple[Aws, LambdaRuntime, Faults]]:
    async with embedded_aws(ports) as aws:
        faults = Faults()
        runtime = LambdaRuntime(aws.control_plane, aws.url, folder, Roles(), faults)
        try:
            yield aws, runtime, faults
        finally:
            await runtime.stop()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_runs_in_a_region_ends_with_it_and_begins_anew_when_it_is_back(ports: Ports, tmp_path: Path):
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime, faults):
            arn = await aws.function("ends", {"h.py": CODE}, seconds=60)
            pid = await runtime.invoke(arn, {})
            in_flight = asyncio.create_task(runtime.invoke(arn, {"begun": str(tmp_path / "begun")}))
            await eventually(partial(asyncio.to_thread, (tmp_path / "begun").exists), seconds=20)

            await faults.plant(RegionDown("eu-west-1"))

            with pytest.raises(RegionDownError, match="The region eu-west-1 is down"):
                await in_flight
            assert not is_alive(pid)
            with pytest.raises(RegionDownError):
                await runtime.invoke(arn, {})
            await faults.clear()
            assert await runtime.invoke(arn, {}) != pid

    asyncio.run(story())


def test_other_regions_and_the_edge_go_on(ports: Ports, tmp_path: Path):
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime, faults):
            there = await aws.function("go-on", {"h.py": CODE}, region="us-east-1")
            pid = await runtime.invoke(there, {})
            at_edge = await runtime.invoke(there, {}, executing_region="eu-west-1")

            await faults.plant(RegionDown("eu-west-1"))

            assert await runtime.invoke(there, {}) == pid
            assert await runtime.invoke(there, {}, executing_region="eu-west-1") == at_edge

    asyncio.run(story())


def test_a_function_fails_where_it_was_told_to_until_the_fault_is_cleared(ports: Ports, tmp_path: Path):
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime, faults):
            arn = await aws.function("fails", {"h.py": CODE}, region="us-east-1", seconds=1)
            await faults.plant(FunctionFailing("fails", "eu-west-1"))
            assert await runtime.invoke(arn, {})
            with pytest.raises(FunctionError, match=r"Sandbox\.Fault: fails fails"):
                await runtime.invoke(arn, {}, executing_region="eu-west-1")
            await faults.plant(FunctionSlow("fails", 30, "us-east-1"))
            with pytest.raises(FunctionError, match=r"Task timed out after 1\.00 seconds"):
                await runtime.invoke(arn, {})
            await faults.clear()
            assert await runtime.invoke(arn, {}, executing_region="eu-west-1")

    asyncio.run(story())


async def outcomes(faults: FunctionFaults, times: int, limit: float = 1.0) -> list[str]:
    found = []
    for _ in range(times):
        try:
            await faults.meet("f", "eu-west-1", limit)
        except FunctionError as error:
            found.append(error.payload["errorType"])
        else:
            found.append("")
    return found


def test_a_share_of_the_invocations_is_hit():
    async def story() -> None:
        faults = Faults()
        await faults.plant(FunctionFailing("f", rate=0.25))
        of_functions = FunctionFaults(faults, iter([0.0, 0.24, 0.25, 0.99]).__next__)
        assert await outcomes(of_functions, 4) == ["Sandbox.Fault", "Sandbox.Fault", "", ""]

    asyncio.run(story())


@pytest.mark.parametrize(("seconds", "limit", "outcome"), [(0.1, 1.0, ""), (5.0, 0.1, "Sandbox.Timedout")])
def test_a_slow_function_takes_its_time_at_most_until_its_timeout(seconds: float, limit: float, outcome: str):
    async def story() -> None:
        faults = Faults()
        await faults.plant(FunctionSlow("f", seconds))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        assert await outcomes(FunctionFaults(faults), 1, limit) == [outcome]
        assert 0.09 < loop.time() - begun < 4

    asyncio.run(story())


def test_a_stream_invokes_once_its_region_is_up_and_again_what_ended_with_the_region():
    async def story() -> None:
        faults, asked = Faults(), list[Any]()
        answers: Iterable[Any] = iter([RegionDownError("eu-west-1"), "done"])

        async def invoke(_: str, event: Any) -> Any:
            asked.append(event)
            answer = next(iter(answers))
            if isinstance(answer, Exception):
                raise answer
            return answer

        await faults.plant(RegionDown("eu-west-1", hanging=True))
        waiting = asyncio.create_task(when_up(invoke, faults)(ARN, "event"))
        await faults.plant(RegionDown("eu-west-1"))
        assert not asked
        await faults.clear()
        assert await waiting == "done"
        assert asked == ["event", "event"]

    asyncio.run(story())

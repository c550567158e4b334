import asyncio
import time
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.time_scale import TimeScale

WRONG: list[Any] = [{}, {"scale": "2"}, {"scale": True}, {"scale": 2, "x": 1}, {"scale": 0}, {"scale": 1e9}, [], None]


def test_what_takes_minutes_takes_as_many_seconds_fewer():
    assert TimeScale().real(60) == 60
    assert TimeScale(30).real(60) == 2
    assert TimeScale(0.5).real(60) == 120


def test_a_sleeper_wakes_when_its_time_has_passed_in_the_sandbox():
    async def story() -> float:
        began = time.monotonic()
        await TimeScale(1000).sleep(30)
        return time.monotonic() - began

    assert 0.03 <= asyncio.run(story()) < 10


def test_who_already_sleeps_sleeps_on_at_the_new_pace():
    async def story() -> None:
        scale = TimeScale()
        sleeper = asyncio.ensure_future(scale.sleep(100))
        await asyncio.sleep(0)
        scale.set(1000)
        await asyncio.sleep(0.02)
        assert not sleeper.done()
        async with asyncio.timeout(20):
            await sleeper

    asyncio.run(story())


def test_nobody_waits_for_no_time():
    asyncio.run(asyncio.wait_for(TimeScale(0.01).sleep(0), 1))


def test_a_watcher_is_told_of_the_scale_that_is_and_of_each_that_comes():
    told: list[float] = []
    scale = TimeScale(2)
    scale.watch(told.append)
    scale.set(5)
    assert told == [2, 5]


@pytest.mark.parametrize("scale", [0, -1, 0.001, 1001, float("nan"), float("inf")])
def test_a_scale_that_is_too_slow_or_too_fast_is_refused(scale: float):
    with pytest.raises(ValueError, match=r"is not between 0\.01 and 1000"):
        TimeScale(scale)


def test_the_control_sets_and_shows_it():
    scale = TimeScale()
    app = web.Application()
    app.add_routes(scale.controls)

    async def story() -> None:
        async with TestClient(TestServer(app)) as client:
            answer = await client.put("/_sandbox/time", json={"scale": 20})
            assert (answer.status, await answer.json()) == (200, {"scale": 20})
            for wrong in WRONG:
                answer = await client.put("/_sandbox/time", json=wrong)
                assert answer.status == 400
                assert 'Send {"scale": x}' in (await answer.json())["message"]
            assert await (await client.get("/_sandbox/time")).json() == {"scale": 20}

    asyncio.run(story())
    assert scale.scale == 20

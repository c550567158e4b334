import asyncio
import struct
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.simulated_clock import SimulatedClock

WRONG: list[Any] = [{}, {"ahead": "1"}, {"ahead": True}, {"ahead": 1, "region": "x"}, {"ahead": 1e9}, [], None]


def seen(clock: SimulatedClock) -> tuple[float, float]:
    """What is added to time.time() and to time.monotonic(), to the millisecond."""
    which, *records = struct.unpack("=9d", Path(clock.variables["SANDBOX_CLOCK"]).read_bytes())
    ahead, since, rate, passed = records[4 * int(which) :][:4]
    return round(ahead + (time.time() - since) * (rate - 1), 3), round(passed, 3)


def test_a_clock_starts_as_this_machines(tmp_path: Path):
    assert seen(SimulatedClock(tmp_path / "functions" / "clock")) == (0.0, 0.0)


def test_each_step_ahead_passes_for_both_clocks_and_none_back_for_the_monotonic_one(tmp_path: Path):
    clock = SimulatedClock(tmp_path / "clock")
    for ahead, both in ((60, (60, 60)), (0, (0, 60)), (-3600, (-3600, 60)), (10, (10, 3670))):
        clock.set(ahead)
        assert seen(clock) == both
        assert clock.ahead == ahead


def test_the_wall_clock_goes_on_from_where_it_is_at_another_rate_and_the_monotonic_one_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    now = 1_800_000_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    clock = SimulatedClock(tmp_path / "clock")
    clock.set(60)
    for rate, reached in ((10, 60 + 9), (1, 69), (0.5, 68.5), (1000, 68.5 + 999)):
        before = seen(clock)
        clock.run(rate)
        assert seen(clock) == before, "without a jump"
        now += 1
        assert seen(clock) == (reached, 60)
        assert clock.ahead == pytest.approx(reached)
    clock.set(reached + 5)
    assert seen(clock) == (reached + 5, 65), "a step is from where the clock has come to"


def test_nobody_reads_half_of_a_change(tmp_path: Path):
    clock = SimulatedClock(tmp_path / "clock")
    clock.set(7)
    content = (tmp_path / "clock").read_bytes()
    clock.set(8)
    which, *_ = struct.unpack("=9d", content)
    start = 8 + 32 * int(which)
    assert (tmp_path / "clock").read_bytes()[start : start + 32] == content[start : start + 32]


def test_a_file_that_is_mapped_changes_in_its_place(tmp_path: Path):
    clock = SimulatedClock(tmp_path / "clock")
    before = (tmp_path / "clock").stat().st_ino

    clock.set(5)

    assert (tmp_path / "clock").stat().st_ino == before


@pytest.mark.parametrize("ahead", [float("nan"), float("inf"), -4e7, 4e7])
def test_what_is_no_time_within_a_year_is_refused(tmp_path: Path, ahead: float):
    clock = SimulatedClock(tmp_path / "clock")

    with pytest.raises(ValueError, match="is not between -31622400 and 31622400 seconds"):
        clock.set(ahead)

    assert seen(clock) == (0.0, 0.0)


def test_the_control_sets_and_shows_it(tmp_path: Path):
    clock = SimulatedClock(tmp_path / "clock")
    app = web.Application()
    app.add_routes(clock.controls)

    async def story() -> None:
        async with TestClient(TestServer(app)) as client:
            for ahead in (61.5, -3):
                answer = await client.put("/_sandbox/clock", json={"ahead": ahead})
                assert (answer.status, await answer.json()) == (200, {"ahead": ahead})
            for wrong in WRONG:
                answer = await client.put("/_sandbox/clock", json=wrong)
                assert answer.status == 400
                assert 'Send {"ahead": seconds}' in (await answer.json())["message"]
            assert (await client.put("/_sandbox/clock", data=b"{")).status == 400
            assert await (await client.get("/_sandbox/clock")).json() == {"ahead": -3}

    asyncio.run(story())
    assert seen(clock) == (-3, 61.5)

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.dns.control import DnsFaults
from sandbox.simulated_clock import SimulatedClock
from sandbox.time_scale import TimeScale

NONSENSE = [
    (b"[" * 100_000, "application/json"),
    (b"{}", "application/json; charset=nope"),
    (b"\xff", "application/json"),
    (b"", "text/plain"),
]


@pytest.mark.parametrize(("body", "kind"), NONSENSE, ids=["too deep", "no such encoding", "not UTF-8", "nothing"])
def test_every_control_tells_its_rule_whatever_is_sent(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, kind: str
) -> None:
    app = web.Application()
    clock = SimulatedClock(tmp_path_factory.mktemp("clock") / "clock")
    app.add_routes([*DnsFaults([]).controls, *clock.controls, *TimeScale().controls])

    async def story() -> None:
        async with TestClient(TestServer(app)) as client:
            for path in ("/_sandbox/dns", "/_sandbox/clock", "/_sandbox/time"):
                answer = await client.put(path, data=body, headers={"Content-Type": kind})
                assert answer.status == 400
                assert (await answer.json())["message"].startswith('Send {"')

    asyncio.run(story())

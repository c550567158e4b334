"""One fault under load, from its beginning until the region is back: what viewers noticed of it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.drill import Drill

_CALM = 2.0  # seconds without a failed request that end an incident


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Seconds are simulated ones, from the moment that the fault was there, or on recovery that it was gone.

    Attributes:
        detected: until Route 53 held the region for unhealthy; None where it never did.
        last_failure: until the last request failed; None where none did.
        failed: requests that failed meanwhile, of `requests`.
        lost: of the `written` that were acknowledged, those that a region has not got in the end.
        reconnected: of the `subscribers`, those who had to connect again.
        told: whether all of them know of every write.
        back: until the region served again; None where it had never left.
        failed_back: requests that failed on recovery.
    """

    fault: str
    detected: float | None
    last_failure: float | None
    failed: int
    requests: int
    written: int
    lost: int
    reconnected: int
    subscribers: int
    told: bool
    back: float | None
    failed_back: int


class Controls:
    """What is set in the sandbox while it runs."""

    def __init__(self, checkout: Checkout, session: aiohttp.ClientSession) -> None:
        self._base = f"{checkout.connections['aws_endpoint']}/_sandbox"
        self._session = session

    async def put(self, control: str, **value: Any) -> Any:
        return await self._ask("PUT", control, value)

    async def get(self, control: str) -> Any:
        return await self._ask("GET", control)

    async def delete(self, control: str) -> Any:
        return await self._ask("DELETE", control)

    async def _ask(self, method: str, control: str, value: Any = None) -> Any:
        async with self._session.request(method, f"{self._base}/{control}", json=value) as response:
            assert response.status == 200, await response.text()
            return await response.json()


@dataclass(frozen=True)
class Scene:
    """A deployed stack under load; `outputs` are the stack's."""

    checkout: Checkout
    drill: Drill
    controls: Controls
    outputs: Mapping[str, Any]

    async def suffer(
        self, title: str, fault: Mapping[str, Any], key: str, *, leaves: bool, seconds: float, lasts: float = 0
    ) -> Incident:
        """What comes of a fault that is there until the load is calm again.

        Args:
            fault: as the sandbox's control takes it.
            key: the region that it hits.
            leaves: whether the region is to leave rotation, and to come back afterwards.
            seconds: how long, simulated, each of the two may take.
            lasts: how long, simulated, the fault is there at least.
        """
        drill = self.drill
        host = self.outputs["hosts"][key]
        connections = {listener.city: listener.connections for listener in drill.listeners}
        known = set(drill.acknowledged)
        await self.controls.put("faults", **fault)
        begun = time.monotonic()
        detected = None
        if leaves:
            detected = await self.until_healthy(key, healthy=False, seconds=seconds)
            await drill.until(lambda: self._has_calmed(without=host), f"{key} has left", seconds)
        await asyncio.sleep(max(_CALM, begun + lasts / drill.scale - time.monotonic()))
        await drill.until(self._has_calmed, "requests are answered in spite of it", seconds)
        cleared = time.monotonic()
        await self.controls.delete("faults")
        back = None
        if leaves:
            await self.until_healthy(key, healthy=True, seconds=seconds)
            back = await drill.until(lambda: drill.served(cleared)[host], f"{key} is back", seconds)
        await drill.until(self._has_calmed, "requests are answered when it is over", seconds)
        ended = time.monotonic()
        written = frozenset(drill.acknowledged)
        with contextlib.suppress(AssertionError):  # what is not heard is told by the incident itself
            await drill.until(lambda: drill.have_heard(written), "all have heard of all writes", 30 * drill.scale)
        failed = drill.failures(begun, cleared)
        return Incident(
            fault=title,
            detected=self._since(begun, detected),
            last_failure=self._since(begun, max((each.ended for each in failed), default=None)),
            failed=len(failed),
            requests=len(drill.under_way(begun, cleared)),
            written=len(written - known),
            lost=len(await asyncio.to_thread(self._lost, written)),
            reconnected=sum(each.connections > connections[each.city] for each in drill.listeners),
            subscribers=len(drill.listeners),
            told=drill.have_heard(written),
            back=self._since(cleared, back),
            failed_back=len(drill.failures(cleared, ended)),
        )

    def _since(self, begun: float, moment: float | None) -> float | None:
        return None if moment is None else (moment - begun) * self.drill.scale

    async def until_healthy(self, key: str, *, healthy: bool, seconds: float) -> float:
        """The moment at which Route 53 holds the region for healthy, or not any more."""
        check = self.outputs["healthChecks"][key]["combined"]
        deadline = time.monotonic() + seconds / self.drill.scale
        while (await self.controls.get("health"))["checks"][check]["healthy"] is not healthy:
            assert time.monotonic() < deadline, f"{key} is not healthy={healthy} after {seconds:.0f} simulated seconds"
            await asyncio.sleep(0.05)
        return time.monotonic()

    async def served_by(self, key: str, seconds: float) -> None:
        """Waits until the region answers, and those that an operator drained do not."""
        host = self.outputs["hosts"][key]
        await self.drill.until(
            lambda: self._has_calmed() and self.drill.served(time.monotonic() - _CALM)[host] > 0,
            f"{key} serves",
            seconds,
        )

    async def is_unharmed(self) -> None:
        """Makes sure that no request has failed, no write is lost, and all subscribers have heard of all writes."""
        assert not self.drill.failures(0), self.drill.failures(0)[:3]
        written = frozenset(self.drill.acknowledged)
        assert written
        await self.drill.until(
            lambda: self.drill.have_heard(written), "all have heard of all writes", 30 * self.drill.scale
        )
        assert not await asyncio.to_thread(self._lost, written)

    def _has_calmed(self, without: str = "") -> bool:
        """Whether of late every city had answers and no failure, and none from the host `without`."""
        late = time.monotonic() - _CALM
        return self.drill.is_calm(late) and not self.drill.served(late)[without]

    def _lost(self, written: AbstractSet[str]) -> set[str]:
        """Those of the acknowledged writes that some region has not got, given time to replicate."""
        table = self.outputs["tables"]["events"]
        lost: set[str] = set()
        for region in self.outputs["regions"].values():
            dynamodb = self.checkout.aws("dynamodb", region)
            missing = set(written - lost)
            for _ in range(20):
                pages = dynamodb.get_paginator("scan").paginate(TableName=table, ProjectionExpression="id")
                missing -= {item["id"]["S"] for page in pages for item in page["Items"]}
                if not missing:
                    break
                time.sleep(0.25)
            lost |= missing
        return lost


@asynccontextmanager
async def scene(checkout: Checkout, scale: float, pause: float) -> AsyncIterator[Scene]:
    """The stack of a checkout under load, where time passes `scale` times as fast; no fault is left behind.

    `pause` is the drill's.
    """
    outputs = checkout.json("status")
    async with aiohttp.ClientSession() as session:
        controls = Controls(checkout, session)
        drill = Drill(checkout, checkout.done("token").strip(), scale, pause)
        await controls.put("time", scale=scale)
        try:
            async with drill.running():
                yield Scene(checkout, drill, controls, outputs)
        finally:
            await controls.delete("faults")
            await controls.put("time", scale=1)

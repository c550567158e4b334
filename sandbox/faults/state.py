"""Which faults there are now, and who must hear of a change."""

import asyncio
from collections.abc import Awaitable, Callable

from sandbox.faults.kinds import Fault
from sandbox.faults.planted import Planted


class Faults:
    """The one place that every part of the sandbox asks what is out of order: `now`."""

    def __init__(self) -> None:
        self.now = Planted()
        self._changed = asyncio.Event()
        self._changing = asyncio.Lock()
        self._watchers: list[Callable[[], Awaitable[None]]] = []

    def watch(self, on_change: Callable[[], Awaitable[None]]) -> None:
        """Awaits `on_change` after each change, for what must act at once."""
        self._watchers.append(on_change)

    async def plant(self, fault: Fault) -> None:
        """Plants a fault; it works when this returns."""
        await self._become(lambda now: now.adding(fault))

    async def clear(self, are_gone: Callable[[Fault], bool] = lambda _: True) -> None:
        """Takes away those that are gone, by default all."""
        await self._become(lambda now: now.without(are_gone))

    async def until(self, condition: Callable[[Planted], bool]) -> None:
        """Returns when `condition` holds of the faults that there are."""
        while not condition(self.now):
            await self._changed.wait()

    async def _become(self, change: Callable[[Planted], Planted]) -> None:
        async with self._changing:
            self.now = change(self.now)
            self._changed.set()
            self._changed = asyncio.Event()
            await asyncio.gather(*(on_change() for on_change in self._watchers))

"""A lock that many hold together or one holds alone, in the order in which they came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class SharedLock:
    """Whoever waits to be alone lets nobody past, so no stream of sharers keeps it waiting for ever."""

    def __init__(self) -> None:
        self._door = asyncio.Lock()
        self._sharers = 0
        self._left = asyncio.Event()
        self._left.set()

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        async with self._door:
            self._sharers += 1
            self._left.clear()
        try:
            yield
        finally:
            self._sharers -= 1
            if not self._sharers:
                self._left.set()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        async with self._door:
            await self._left.wait()
            yield

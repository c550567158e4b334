"""Steady requests from every edge location while something else happens."""

import asyncio
import json
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

import aiohttp

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.this_machine import ThisMachine

_QUERY = json.dumps({"query": "{ listEvents(limit: 5) { items { name } } }"})
_PAUSE = 0.3
_LONGEST = 1800.0


@dataclass
class Traffic:
    """One request after the other from each city until `stop`, or for half an hour at most."""

    checkout: Checkout
    token: str
    answered: Counter[tuple[str, str]] = field(default_factory=Counter)
    latest: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._end = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    @property
    def total(self) -> int:
        return sum(self.answered.values()) + len(self.failures)

    def wait_until_served_by(self, city: str, host: str, seconds: float) -> None:
        """Until the newest answer to `city` comes from `host`."""
        deadline = time.monotonic() + seconds
        while self.latest.get(city) != host:
            assert time.monotonic() < deadline, f"{city} is served by {self.latest.get(city)}, not by {host}"
            time.sleep(0.1)

    async def _run(self) -> None:
        context = ssl.create_default_context(cafile=str(self.checkout.ca))
        connector = aiohttp.TCPConnector(ssl=context, resolver=ThisMachine(), limit=0)
        deadline = time.monotonic() + _LONGEST
        edges = self.checkout.connections["edges"]
        async with aiohttp.ClientSession(connector=connector, headers={"Authorization": self.token}) as session:
            await asyncio.gather(*(self._from(session, city, url, deadline) for city, url in edges.items()))

    async def _from(self, session: aiohttp.ClientSession, city: str, url: str, deadline: float) -> None:
        while not self._end.is_set() and time.monotonic() < deadline:
            try:
                async with session.post(f"{url}/graphql", data=_QUERY) as response:
                    body = await response.text()
                    origin = response.headers.get("x-sandbox-origin", "nobody")
            except (aiohttp.ClientError, TimeoutError) as error:
                self.failures.append(f"{city}: {error!r}")
                continue
            if response.status == 200 and '"errors"' not in body:
                self.answered[city, origin] += 1
                self.latest[city] = origin
            else:
                self.failures.append(f"{city}: HTTP {response.status} from {origin}: {body[:300]}")
            await asyncio.sleep(_PAUSE)

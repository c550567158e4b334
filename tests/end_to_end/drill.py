"""Steady load from every city through the real edges while something fails: readers, writers and subscribers.

A viewer of the drill does what the example's page does: it gives up on a request after a while and asks again with the
next one; a subscriber whose connection ends, or falls silent, connects again, subscribes, and then lists what it may
have missed.
"""

import asyncio
import contextlib
import json
import ssl
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.subscriber import Subscriber
from tests.end_to_end.this_machine import ThisMachine

_READ = json.dumps({"query": "{ region listEvents(limit: 1) { items { id } } }"})
_LIST = "query ($next: String) { listEvents(limit: 100, nextToken: $next) { items { id } nextToken } }"
_CREATE = 'mutation ($name: String!) { createEvent(name: $name, when: "w", where: "h", description: "d") { id } }'
_CREATED = "subscription { subscribeToEventCreated { id } }"
_PATIENCE = 10.0  # seconds that a viewer waits for an answer
_SILENCE = 65.0  # seconds without a keep-alive after which AWS Amplify takes a connection for lost
_LONGEST = 300.0


@dataclass(frozen=True)
class Request:
    """One request: when it began and ended, from where, who served it, and what went wrong, if anything."""

    began: float
    ended: float
    city: str
    origin: str
    failure: str = ""


@dataclass
class Listener:
    """What one subscriber knows: the ids that it was told of or has listed, and how often it connected."""

    city: str
    known: set[str] = field(default_factory=set)
    connections: int = 0
    connected: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Drill:
    """The load while it runs, and what came of it.

    Attributes:
        acknowledged: the ids of the events whose creation was answered.
        scale: simulated seconds in each second, by which a subscriber's patience is shortened.
        pause: seconds between two requests of a reader, and half of those between two of a writer.
    """

    checkout: Checkout
    token: str
    scale: float = 1.0
    pause: float = 0.5
    requests: list[Request] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    listeners: list[Listener] = field(default_factory=list)

    def under_way(self, since: float, until: float = float("inf")) -> list[Request]:
        """The requests, by now answered or failed, that were under way at any time between."""
        return [each for each in self.requests if each.ended >= since and each.began < until]

    def failures(self, since: float, until: float = float("inf")) -> list[Request]:
        """Those that failed of `under_way`."""
        return [each for each in self.under_way(since, until) if each.failure]

    def served(self, since: float) -> Counter[str]:
        """How many answers each host gave to what was sent since."""
        return Counter(each.origin for each in self.requests if each.began >= since and not each.failure)

    def is_calm(self, since: float) -> bool:
        """Whether every city had an answer to what it sent since then, and nothing has failed since."""
        answered = {each.city for each in self.requests if each.began >= since and not each.failure}
        return not self.failures(since) and answered >= {each.city for each in self.listeners}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs for as long as the block does, five minutes at most."""
        context = ssl.create_default_context(cafile=str(self.checkout.ca))
        connector = aiohttp.TCPConnector(ssl=context, resolver=ThisMachine(), limit=0)
        cities = self.checkout.connections["edges"]
        self.listeners = [Listener(city) for city in cities]
        async with aiohttp.ClientSession(connector=connector) as session:
            tasks = [asyncio.create_task(self._read(session, city)) for city in cities]
            tasks += [asyncio.create_task(self._write(session, city)) for city in cities]
            tasks += [asyncio.create_task(self._listen(session, listener)) for listener in self.listeners]
            try:
                async with asyncio.timeout(_LONGEST):
                    connected = [asyncio.create_task(each.connected.wait()) for each in self.listeners]
                    await asyncio.gather(*connected)
                    yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def until(self, condition: Any, what: str, seconds: float) -> float:
        """The moment at which `condition()` is first seen to be true; `seconds` are simulated."""
        deadline = time.monotonic() + seconds / self.scale
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds:.0f} simulated seconds: {what}"
            await asyncio.sleep(0.05)
        return time.monotonic()

    def have_heard(self, ids: AbstractSet[str]) -> bool:
        """Whether every subscriber knows of all of these."""
        return all(ids <= each.known for each in self.listeners)

    async def _read(self, session: aiohttp.ClientSession, city: str) -> None:
        while True:
            await self._ask(session, city, _READ)
            await asyncio.sleep(self.pause)

    async def _write(self, session: aiohttp.ClientSession, city: str) -> None:
        while True:
            name = f"{city} {uuid.uuid4()}"
            data = await self._ask(session, city, json.dumps({"query": _CREATE, "variables": {"name": name}}))
            if data is not None:
                self.acknowledged.add(data["createEvent"]["id"])
            await asyncio.sleep(2 * self.pause)

    async def _ask(self, session: aiohttp.ClientSession, city: str, body: str) -> Any:
        """The data of an answer without errors; None, and a note, of any other."""
        url = f"{self.checkout.connections['edges'][city]}/graphql"
        origin, failure, data = "nobody", "", None
        began = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE), session.post(url, data=body, headers=self._headers) as response:
                origin = response.headers.get("X-Sandbox-Origin", "nobody")
                text = await response.text()
                answer = (
                    json.loads(text) if response.status == 200 else {"errors": f"HTTP {response.status}: {text[:300]}"}
                )
                failure, data = str(answer.get("errors", "")), answer.get("data")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            failure = repr(error)
        self.requests.append(Request(began, time.monotonic(), city, origin, failure))
        return None if failure else data

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": self.token}

    async def _listen(self, session: aiohttp.ClientSession, listener: Listener) -> None:
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, AssertionError, TypeError):
                async with asyncio.timeout(_PATIENCE):
                    subscriber = await Subscriber.connect(session, self.checkout, listener.city, self.token)
                    await subscriber.subscribe(created=_CREATED)
                # Live from here on; what was written before is in the list, and what comes in both is the same event.
                listening = asyncio.create_task(self._hear(subscriber, listener))
                try:
                    await self._catch_up(session, listener)
                    listener.connections += 1
                    listener.connected.set()
                    await listening
                finally:
                    listening.cancel()
                    await subscriber.socket.close()
            await asyncio.sleep(0.2)

    async def _hear(self, subscriber: Subscriber, listener: Listener) -> None:
        while True:
            message = await subscriber.socket.receive(timeout=_SILENCE / self.scale + 1)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return
            told = json.loads(message.data)
            if told["type"] == "data":
                listener.known.add(told["payload"]["data"]["subscribeToEventCreated"]["id"])
            elif told["type"] != "ka":
                return  # unsubscribed, or refused: connect again

    async def _catch_up(self, session: aiohttp.ClientSession, listener: Listener) -> None:
        next_: str | None = None
        while True:
            body = json.dumps({"query": _LIST, "variables": {"next": next_}})
            page = await self._ask(session, listener.city, body)
            if page is None:
                await asyncio.sleep(0.2)
                continue
            listener.known.update(item["id"] for item in page["listEvents"]["items"])
            next_ = page["listEvents"]["nextToken"]
            if next_ is None:
                return

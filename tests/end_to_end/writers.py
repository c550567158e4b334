"""Clients that write events through the edge locations of several cities, and remember what they wrote."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.end_to_end.checkout import Checkout

Told = tuple[str, str]  # what happened to an event, and the name that it then had

_CREATE = 'mutation {{ createEvent(name: "{name}", when: "w", where: "h", description: "d") {{ id }} }}'
_UPDATE = 'mutation {{ updateEvent(id: "{id}", name: "{name}") {{ id }} }}'
_DELETE = 'mutation {{ deleteEvent(id: "{id}") {{ id }} }}'

SUBSCRIPTIONS = {
    kind: f"subscription {{ subscribeToEvent{kind.capitalize()} {{ id name }} }}"
    for kind in ("created", "changed", "deleted")
}


@dataclass
class Writers:
    """`histories` holds, by event id, everything that was written, in order."""

    session: aiohttp.ClientSession
    checkout: Checkout
    token: str
    histories: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))

    async def ask(self, city: str, query: str) -> dict[str, Any]:
        """The data of an answer without errors, from `city`."""
        url = f"{self.checkout.connections['edges'][city]}/graphql"
        headers = {"Authorization": self.token}
        async with self.session.post(url, data=json.dumps({"query": query}), headers=headers) as response:
            answer = await response.json(content_type=None)
        assert response.status == 200, answer
        assert "errors" not in answer, answer
        return dict(answer["data"])

    async def create(self, city: str, name: str) -> str:
        id_ = str((await self.ask(city, _CREATE.format(name=name)))["createEvent"]["id"])
        self.histories[id_].append(("created", name))
        return id_

    async def update(self, city: str, id_: str, name: str) -> None:
        assert (await self.ask(city, _UPDATE.format(id=id_, name=name)))["updateEvent"]
        self.histories[id_].append(("changed", name))

    async def delete(self, city: str, id_: str) -> None:
        assert (await self.ask(city, _DELETE.format(id=id_)))["deleteEvent"]
        self.histories[id_].append(("deleted", self.histories[id_][-1][1]))

    async def live(self, city: str, pause: float) -> None:
        """The life of one event, written from one place: four writes, `pause` seconds apart."""
        id_ = await self.create(city, "v0")
        for name in ("v1", "v2"):
            await asyncio.sleep(pause)
            await self.update(city, id_, name)
        await asyncio.sleep(pause)
        await self.delete(city, id_)

    async def lives(self, city: str, number: int, at_once: int, pause: float) -> None:
        """`number` lives, at most `at_once` of them at a time."""
        room = asyncio.Semaphore(at_once)

        async def one() -> None:
            async with room:
                await self.live(city, pause)

        await asyncio.gather(*(one() for _ in range(number)))


def heard(received: list[dict[str, Any]]) -> dict[str, list[Told]]:
    """By event id, what a subscriber to `SUBSCRIPTIONS` was told, in order."""
    told = defaultdict(list)
    for message in received:
        assert message["type"] == "data", message
        [event] = message["payload"]["data"].values()
        told[event["id"]].append((message["id"], event["name"]))
    return told

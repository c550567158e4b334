"""A client of AppSync's real-time protocol, at the edge location of a city.

Source: "Building a real-time WebSocket client in AWS AppSync", in the AWS AppSync Developer Guide.
"""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.this_machine import ThisMachine

HOST = "global-api.example.localhost"
_SECONDS = 20.0


def encoded(header: dict[str, str]) -> str:
    return base64.b64encode(json.dumps(header).encode()).decode()


@asynccontextmanager
async def browser(checkout: Checkout) -> AsyncIterator[aiohttp.ClientSession]:
    """What finds this machine and trusts the sandbox's CA."""
    connector = aiohttp.TCPConnector(
        ssl=ssl.create_default_context(cafile=str(checkout.ca)), resolver=ThisMachine(), limit=0
    )
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


@dataclass
class Subscriber:
    """One connection and what came over it, in order."""

    socket: aiohttp.ClientWebSocketResponse
    token: str
    city: str
    received: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    async def connect(cls, session: aiohttp.ClientSession, checkout: Checkout, city: str, token: str) -> Self:
        """The handshake with the base64 header, up to `connection_ack`."""
        header = encoded({"host": HOST, "Authorization": token})
        url = checkout.connections["edges"][city].replace("https", "wss")
        socket = await session.ws_connect(
            f"{url}/graphql/realtime?{urlencode({'header': header, 'payload': 'e30='})}", protocols=["graphql-ws"]
        )
        made = cls(socket, token, city)
        await made.send({"type": "connection_init"})
        assert (await made.next())["type"] == "connection_ack"
        return made

    async def send(self, message: dict[str, Any]) -> None:
        await self.socket.send_str(json.dumps(message))

    async def next(self) -> dict[str, Any]:
        """The next message that is no keep-alive."""
        while True:
            text = await self.next_text()
            message: dict[str, Any] = json.loads(text)
            if message["type"] != "ka":
                return message

    async def next_text(self) -> str:
        return str(await self.socket.receive_str(timeout=_SECONDS))

    async def start(self, id_: str, query: str) -> dict[str, Any]:
        """Asks for a subscription, and returns the answer to that."""
        authorization = {"Authorization": self.token, "host": HOST}
        data = json.dumps({"query": query, "variables": None})
        payload = {"data": data, "extensions": {"authorization": authorization}}
        await self.send({"id": id_, "payload": payload, "type": "start"})
        return await self.next()

    async def subscribe(self, **queries: str) -> None:
        for id_, query in queries.items():
            assert await self.start(id_, query) == {"id": id_, "type": "start_ack"}

    async def listen(self) -> None:
        """Keeps what comes in `received`, until cancelled."""
        while True:
            self.received.append(await self._data())

    async def _data(self) -> dict[str, Any]:
        while True:
            message: dict[str, Any] = json.loads(await self.socket.receive_str())
            if message["type"] != "ka":
                return message


@asynccontextmanager
async def audience(
    checkout: Checkout, token: str, cities: list[str], queries: dict[str, str]
) -> AsyncIterator[list[Subscriber]]:
    """A subscriber in each of `cities` (one may stand there often), listening."""
    async with AsyncExitStack() as open_, asyncio.TaskGroup() as tasks:
        session = await open_.enter_async_context(browser(checkout))
        subscribers = [await Subscriber.connect(session, checkout, city, token) for city in cities]
        for subscriber in subscribers:
            await subscriber.subscribe(**queries)
        listening = [tasks.create_task(subscriber.listen()) for subscriber in subscribers]
        try:
            yield subscribers
        finally:
            for task in listening:
                task.cancel()


async def until(condition: Any, what: str, seconds: float = _SECONDS) -> None:
    """Waits until `condition()` is true."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, f"not within {seconds:.0f} s: {what}"
        await asyncio.sleep(0.05)

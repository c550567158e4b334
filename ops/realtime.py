"""A client of AppSync's real-time protocol.

Source: "Building a real-time WebSocket client in AWS AppSync" in the AWS AppSync Developer Guide.
"""

import asyncio
import base64
import json
import uuid
from typing import Any

import aiohttp
import aiohttp.abc

from ops.reach import Reach, UnreachableError

_SECONDS = 10.0  # of patience with the whole conversation


def start(reach: Reach, host: str, token: str, document: str) -> None:
    """Connects to `host`, starts the subscription `document`, and ends both once it is acknowledged.

    Raises:
        UnreachableError: it was not acknowledged; the text says at which step, and what was said instead.
    """
    try:
        asyncio.run(asyncio.wait_for(_start(reach, host, token, document), _SECONDS))
    except TimeoutError:
        raise UnreachableError(host, f"no acknowledgement within {_SECONDS:.0f} s") from None
    except aiohttp.WSServerHandshakeError as error:
        raise UnreachableError(host, f"the handshake is answered with HTTP {error.status}") from error
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError(host, str(error)) from error


async def _start(reach: Reach, host: str, token: str, document: str) -> None:
    authorization = {"host": host, "Authorization": token}
    header = base64.urlsafe_b64encode(json.dumps(authorization).encode()).decode().rstrip("=")
    address, port = reach.address(host)
    connector = aiohttp.TCPConnector(ssl=reach.tls, resolver=_Found(address))
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.ws_connect(
            f"https://{host}:{port}/graphql/realtime",
            protocols=["graphql-ws", f"header-{header}"],
            headers={"Host": host},
        ) as socket,
    ):
        await socket.send_json({"type": "connection_init"})
        await _expect(socket, host, "connection_ack")
        subscription = str(uuid.uuid4())
        payload = {
            "data": json.dumps({"query": document, "variables": {}}),
            "extensions": {"authorization": authorization},
        }
        await socket.send_json({"id": subscription, "type": "start", "payload": payload})
        await _expect(socket, host, "start_ack")
        await socket.send_json({"id": subscription, "type": "stop"})


async def _expect(socket: aiohttp.ClientWebSocketResponse, host: str, kind: str) -> None:
    """Waits for a message of this kind, past keep-alives and events."""
    while True:
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise UnreachableError(host, f"the connection ended before {kind}")
        said: dict[str, Any] = json.loads(message.data)
        if said.get("type") == kind:
            return
        if said.get("type") not in ("ka", "data"):
            raise UnreachableError(host, f"{said.get('type')} instead of {kind}: {json.dumps(said.get('payload'))}")


class _Found(aiohttp.abc.AbstractResolver):
    """Where the way to the host says that it is; a name is left to the system."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._system = aiohttp.ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[aiohttp.abc.ResolveResult]:  # noqa: ARG002 - the resolver's interface
        return await self._system.resolve(self._address, port, family)

    async def close(self) -> None:
        await self._system.close()

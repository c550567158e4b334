"""What counts as the time for a connection to an origin, and what does not."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web

from sandbox.certificates import CertificateAuthority
from sandbox.cloudfront.connections import Connections
from sandbox.ports import LOOPBACK

if TYPE_CHECKING:
    from sandbox.cloudfront.origins import Origins

NAME = "origin.example.test"
SLOWER_THAN_A_TRY = 1.2  # seconds; a try takes one at most


class SlowToFind:
    """Finds the listener of any name, after longer than one try to connect may take."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def port(self, executing_region: str, name: str) -> int:  # noqa: ARG002 - as of `Origins`
        await asyncio.sleep(SLOWER_THAN_A_TRY)
        return self._port


def request() -> dict[str, Any]:
    origin = {
        "domainName": NAME,
        "protocol": "https",
        "port": 443,
        "path": "",
        "sslProtocols": ["TLSv1.2"],
        "customHeaders": {},
        "readTimeout": 30,
        "keepaliveTimeout": 5,
    }
    return {"method": "GET", "uri": "/", "querystring": "", "headers": {}, "origin": {"custom": origin}}


def test_asking_aws_where_the_origin_is_takes_nothing_of_the_time_to_connect(tmp_path: Path) -> None:
    async def hello(_: web.BaseRequest) -> web.Response:
        return web.Response(text="hello")

    async def story() -> str:
        authority = CertificateAuthority(tmp_path)
        server = await asyncio.get_running_loop().create_server(
            web.Server(hello), LOOPBACK, 0, ssl=authority.server_context([NAME])
        )
        connections = Connections(
            cast("Origins", SlowToFind(server.sockets[0].getsockname()[1])), authority, "eu-west-1"
        )
        try:
            return await (await connections.send(request(), None, attempts=1, seconds=1)).text()
        finally:
            await connections.close()
            server.close()

    assert asyncio.run(story()) == "hello"

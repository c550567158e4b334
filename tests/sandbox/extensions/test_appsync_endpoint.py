"""The default endpoint of an API, over the real gateway and emulator."""

import asyncio
from functools import partial
from typing import Any

import aiohttp
from aiohttp import web
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sandbox.ports import Ports
from tests.sandbox.embedded import ports
from tests.sandbox.streams.world import AWAY, world

__all__ = ["ports"]


async def _told(region: str, api: str, request: web.Request) -> web.Response:
    return web.json_response({"region": region, "api": api, "body": await request.text()})


async def post(url: str, **headers: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.post(url, data=b"{}", headers=headers) as answer:
        return answer.status, await answer.json()


def test_an_apis_uris_lead_to_the_gateway(ports: Ports):
    async def story() -> None:
        async with world(ports, default_endpoint=_told) as aws:
            appsync = partial(aws.call, "appsync", AWAY)
            created = (await appsync("create_graphql_api", name="x", authenticationType="AWS_IAM"))["graphqlApi"]
            id_ = created["apiId"]
            path = f"{ports.aws_endpoint.partition('//')[2]}/v1/apis/{id_}"
            uris = {"GRAPHQL": f"http://{path}/graphql", "REALTIME": f"ws://{path}/realtime"}
            updated = await appsync("update_graphql_api", apiId=id_, name="y", authenticationType="AWS_IAM")
            listed = (await appsync("list_graphql_apis"))["graphqlApis"]
            got = (await appsync("get_graphql_api", apiId=id_))["graphqlApi"]
            for api in (created, updated["graphqlApi"], got, next(a for a in listed if a["apiId"] == id_)):
                assert api["uris"] == uris

            expected = {"region": AWAY, "api": id_, "body": "{}"}
            assert await post(uris["GRAPHQL"], Authorization="a token") == (200, expected)
            request = AWSRequest("POST", uris["GRAPHQL"], data=b"{}")
            SigV4Auth(Credentials("k", "s"), "appsync", AWAY).add_auth(request)
            assert await post(uris["GRAPHQL"], **dict(request.headers.items())) == (200, expected)

    asyncio.run(story())


def test_a_request_for_no_api_is_told_so(ports: Ports):
    async def story() -> None:
        async with world(ports, default_endpoint=_told) as aws:
            status, answer = await post(f"{aws.url}/v1/apis/nobodys/graphql", Authorization="a token")
            assert status == 404
            assert "there is no API nobodys" in answer["errors"][0]["message"]

    asyncio.run(story())

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.ports import Ports
from tests.sandbox.appsync.live import EVENT, SCHEMA, Live, live, role_name
from tests.sandbox.appsync.regional import REGION
from tests.sandbox.embedded import ports

__all__ = ["ports"]

CREATED = "subscription { created { id name } }"
FULL = {"id": "1", "name": "one", "when": "now"}


async def appsync(api: Live, operation: str, **parameters: Any) -> Any:
    return await api.there.aws.call("appsync", REGION, operation, **parameters)


async def update(api: Live) -> None:
    """Changes the API's name, its schema and all that AppSync has of it."""
    config = {"authorizerUri": f"arn:aws:lambda:{REGION}:000000000000:function:authorizer"}
    await appsync(
        api,
        "update_graphql_api",
        apiId=api.there.api_id,
        name="new",
        authenticationType="AWS_LAMBDA",
        lambdaAuthorizerConfig=config,
        additionalAuthenticationProviders=[{"authenticationType": "AWS_IAM"}],
    )
    schema = SCHEMA.replace("type Query {", "type Query { new: String,")
    await appsync(api, "start_schema_creation", apiId=api.there.api_id, definition=schema.encode())


def test_an_update_keeps_connections_and_deletion_closes_them(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with live(ports, tmp_path) as api:
            role = await api.publisher(role_name())
            async with api.subscriber(CREATED) as client:
                await update(api)
                assert (await api.there.post("{ new }")).json == {"data": {"new": None}}
                await api.publish(role, EVENT, **FULL)
                assert (await client.receive())["payload"] == {"data": {"created": {"id": "1", "name": "one"}}}
                await appsync(api, "delete_graphql_api", apiId=api.there.api_id)
                closed = await client.socket.receive(timeout=5)
                assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)

    asyncio.run(story())


def test_a_deleted_api_leaves_the_connections_of_others(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with live(ports, tmp_path) as api, api.subscriber(CREATED) as client:
            other = await appsync(api, "create_graphql_api", name="other", authenticationType="AWS_IAM")
            await appsync(api, "delete_graphql_api", apiId=other["graphqlApi"]["apiId"])
            await client.send(type="connection_init")
            assert (await client.receive())["type"] == "connection_ack"

    asyncio.run(story())


def test_stopping_the_sandbox_closes_connections(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with live(ports, tmp_path) as api, api.subscriber(CREATED) as client:
            stopping = asyncio.ensure_future(api.there.endpoints.stop())
            closed = await client.socket.receive(timeout=5)
            assert closed.type is aiohttp.WSMsgType.CLOSE
            await stopping

    asyncio.run(story())

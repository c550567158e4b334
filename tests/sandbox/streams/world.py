"""Emulator and gateway with functions that are told how to behave, for tests of what follows a stream."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import aiohttp

from sandbox.aws import Clients
from sandbox.control_plane import ControlPlane
from sandbox.gateway import Gateway
from sandbox.ports import LOOPBACK, Ports
from tests.sandbox.embedded import Aws

HOME, AWAY, FAR = REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-2")

Behaviour = Callable[[list[dict[str, Any]]], Awaitable[Any]]


@dataclass
class Functions:
    """Invoked in Lambda's place: ARN -> what the function does with a batch of records."""

    behaviours: dict[str, Behaviour] = field(default_factory=dict)

    async def invoke(self, arn: str, event: Any) -> Any:
        return await self.behaviours[arn](event["Records"])


@dataclass(frozen=True)
class World(Aws):
    functions: Functions
    changed: list[str]

    async def table(self, name: str, *replicas: str, **settings: Any) -> None:
        """A table in the home region, with replicas."""
        await self.call(
            "dynamodb",
            HOME,
            "create_table",
            **{
                "TableName": name,
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "BillingMode": "PAY_PER_REQUEST",
                "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
                **settings,
            },
        )
        for region in replicas:
            await self.replicate(name, {"Create": {"RegionName": region}})

    async def replicate(self, name: str, *updates: dict[str, Any], **settings: Any) -> None:
        await self.call("dynamodb", HOME, "update_table", TableName=name, ReplicaUpdates=list(updates), **settings)

    async def put(self, region: str, table: str, id_: str, value: str) -> None:
        item = {"id": {"S": id_}, "value": {"S": value}}
        await self.call("dynamodb", region, "put_item", TableName=table, Item=item)

    async def delete(self, region: str, table: str, id_: str) -> None:
        await self.call("dynamodb", region, "delete_item", TableName=table, Key={"id": {"S": id_}})

    async def rows(self, region: str, table: str) -> dict[str, str]:
        found: dict[str, str] = {}
        more: dict[str, Any] = {}
        while True:
            page = await self.call("dynamodb", region, "scan", TableName=table, **more)
            found |= {item["id"]["S"]: item["value"]["S"] for item in page["Items"]}
            if "LastEvaluatedKey" not in page:
                return found
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    async def stream(self, region: str, table: str) -> str:
        description = await self.call("dynamodb", region, "describe_table", TableName=table)
        return str(description["Table"]["LatestStreamArn"])

    async def records(self, region: str, table: str) -> list[tuple[str, str, str | None]]:
        """What a stream holds: kind of change, item, and the value that it has then."""
        streams = ("dynamodbstreams", region)
        shard = (await self.call(*streams, "describe_stream", StreamArn=await self.stream(region, table)))[
            "StreamDescription"
        ]["Shards"][0]["ShardId"]
        iterator = (
            await self.call(
                *streams,
                "get_shard_iterator",
                StreamArn=await self.stream(region, table),
                ShardId=shard,
                ShardIteratorType="TRIM_HORIZON",
            )
        )["ShardIterator"]
        records = (await self.call(*streams, "get_records", ShardIterator=iterator))["Records"]
        return [event(record) for record in records]

    async def trigger(self, region: str, table: str, name: str, behaviour: Behaviour, **settings: Any) -> str:
        """A function on a table's stream; its mapping's id."""
        arn = await self.function(name, {"h.py": ""}, region=region)
        self.functions.behaviours[arn] = behaviour
        parameters = {"EventSourceArn": await self.stream(region, table), "FunctionName": name}
        parameters |= {"StartingPosition": "LATEST", **settings}
        return str((await self.call("lambda", region, "create_event_source_mapping", **parameters))["UUID"])

    async def untrigger(self, region: str, uuid: str) -> None:
        await self.call("lambda", region, "delete_event_source_mapping", UUID=uuid)

    async def queue(self, region: str, name: str) -> str:
        """A queue's ARN."""
        await self.call("sqs", region, "create_queue", QueueName=name)
        return f"arn:aws:sqs:{region}:000000000000:{name}"

    async def messages(self, arn: str) -> list[dict[str, Any]]:
        region, name = arn.split(":")[3], arn.split(":")[5]
        url = (await self.call("sqs", region, "get_queue_url", QueueName=name))["QueueUrl"]
        answer = await self.call(
            "sqs", region, "receive_message", QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return list(answer.get("Messages", []))

    async def page(self, method: str, path: str, body: Any = None) -> Any:
        async with aiohttp.ClientSession() as session, session.request(method, self.url + path, json=body) as answer:
            return json.loads(await answer.text())


_clients = cache(Clients)  # making them takes longer than most tests


@asynccontextmanager
async def world(ports: Ports, **parts: Any) -> AsyncIterator[World]:
    """As the daemon wires it, with `Functions` for Lambda."""
    control_plane = ControlPlane(_clients(f"http://{LOOPBACK}:{ports.gateway}"))
    functions, changed = Functions(), list[str]()
    gateway = Gateway(f"http://{LOOPBACK}:{ports.emulator}", changed.append, **({"invoke": functions.invoke} | parts))
    await gateway.start(LOOPBACK, ports.gateway)
    try:
        yield World(ports, control_plane, functions, changed)
    finally:
        await gateway.stop()


async def eventually(check: Callable[[], Awaitable[bool]], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        await asyncio.sleep(0.05)


def event(record: dict[str, Any]) -> tuple[str, str, str | None]:
    """A record's kind of change, its item, and the value that the item has then."""
    written = record["dynamodb"]
    value = written["NewImage"]["value"]["S"] if "NewImage" in written else None
    return record["eventName"], written["Keys"]["id"]["S"], value

"""A region with an API behind a custom domain, and a client before it."""

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.appsync.endpoints import RegionalEndpoints
from sandbox.certificates import CertificateAuthority
from sandbox.cloudwatch.store import MetricStore
from sandbox.faults.listeners import ListenerFaults
from sandbox.faults.state import Faults
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import LOOPBACK, Ports
from sandbox.regional_listeners import RegionalListeners
from sandbox.roles import Roles
from sandbox.simulated_clock import SimulatedClock
from tests.sandbox.embedded import Aws, Code, embedded_aws

SCHEMA = """
type Event { id: ID!, name: String, comments(limit: Int): [Comment] }
type Comment { text: String! }
type Query { getEvent(id: ID!): Event, echo(value: AWSJSON): AWSJSON }
type Mutation { createEvent(name: String!): Event @aws_lambda }
type Subscription { created: Event @aws_subscribe(mutations: ["createEvent"]) }
"""
RESOLVERS = """
import json, time
def handler(context, _):
    # As region/resolvers answers the code around a field.
    return {"value": resolve(context)} if context.pop("wrapped", False) else resolve(context)
def resolve(context):
    match context["info"]["fieldName"]:
        case "getEvent" if context["arguments"]["id"] == "context":
            return {"id": "context", "name": json.dumps(context)}
        case "getEvent" if context["arguments"]["id"] == "raise":
            raise LookupError("no such event")
        case "getEvent":
            return {"id": context["arguments"]["id"], "name": "Ireland"}
        case "comments":
            time.sleep(0.2)
            return [{"text": "on " + context["source"]["id"]}, {"text": None}][: context["arguments"].get("limit", 1)]
        case "echo":
            return context["arguments"]["value"]
        case "createEvent":
            return {"id": "1", "name": context["arguments"]["name"]}
"""
AUTHORIZER = """
import os
asked = 0
def handler(event, _):
    global asked
    asked += 1
    match event["authorizationToken"]:
        case "right":
            return {"isAuthorized": True, "resolverContext": {"asked": str(asked)}}
        case "once":
            context = {"asked": str(asked), **event["requestContext"]}
            return {"isAuthorized": True, "resolverContext": context, "ttlOverride": 0}
        case "limited":
            return {"isAuthorized": True, "deniedFields": ["Mutation.createEvent"]}
        case "raise":
            raise ValueError
    return {"isAuthorized": False}
"""
FIELDS = (("Query", "getEvent"), ("Query", "echo"), ("Event", "comments"), ("Mutation", "createEvent"))
REGION = "eu-west-1"
HOST = "ireland.example.test"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Region:
    """A region with an API behind ireland.example.test."""

    aws: Aws
    api_id: str
    roles: Roles
    endpoints: RegionalEndpoints
    metrics: MetricStore
    clock: SimulatedClock
    session: aiohttp.ClientSession
    tls: ssl.SSLContext

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.aws.ports.regions[REGION]}"

    @asynccontextmanager
    async def websocket(
        self, protocols: list[str], query: dict[str, str]
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """A client's WebSocket; raises WSServerHandshakeError where the region refuses it."""
        url = f"https://{self.address}/graphql/realtime"
        headers = {"Host": HOST}
        connecting = self.session.ws_connect(
            url, params=query, headers=headers, protocols=protocols, ssl=self.tls, server_hostname=HOST
        )
        async with connecting as socket:
            yield socket

    async def post(
        self,
        query: str | None = None,
        *,
        bearer: str | None = "right",
        path: str = "/graphql",
        host: str = HOST,
        method: str = "POST",
        body: bytes | None = None,
        **more: Any,
    ) -> Answer:
        if body is None:
            body = json.dumps({"query": query, **more}).encode()
        headers = {"Host": host, "Content-Type": "application/json"}
        if bearer is not None:
            headers["Authorization"] = bearer
        async with self.session.request(
            method,
            f"https://{self.address}{path}",
            data=body,
            headers=headers,
            ssl=self.tls,
            server_hostname=HOST,
        ) as answer:
            return Answer(answer.status, answer.headers, await answer.text())


@asynccontextmanager
async def region(
    ports: Ports, folder: Path, code: Code | None = None, *, faults: Faults | None = None, **settings: Any
) -> AsyncIterator[Region]:
    faults = faults or Faults()
    async with embedded_aws(ports) as aws:
        authority = CertificateAuthority(folder)
        roles, metrics = Roles(), MetricStore()
        runtime = LambdaRuntime(aws.control_plane, aws.url, folder / "functions", roles, faults)
        endpoints = RegionalEndpoints(aws.control_plane, runtime, authority, roles, metrics)
        listeners = RegionalListeners(ports, [endpoints])
        await listeners.start()
        faults.watch(ListenerFaults(faults, listeners.listeners, {}).follow)
        try:
            certificate = await aws.certificate("example.test")
            code = code or Code(SCHEMA, AUTHORIZER, RESOLVERS, FIELDS)
            api_id, _ = await aws.api(REGION, HOST, certificate, code, **settings)
            async with aiohttp.ClientSession() as session:
                yield Region(aws, api_id, roles, endpoints, metrics, runtime.clock, session, authority.client_context())
        finally:
            await listeners.stop()
            await runtime.stop()

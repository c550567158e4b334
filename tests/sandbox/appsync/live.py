"""An API that publishes to subscribers: its schema, the roles that may publish, and a real-time client."""

import base64
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sandbox.ports import LOOPBACK, Ports
from sandbox.roles import Roles
from tests.sandbox.appsync.regional import HOST, REGION, Answer, Region, region
from tests.sandbox.embedded import Code

SCHEMA = """
type Event @aws_lambda @aws_iam { id: ID!, name: String, when: String!, draft: Boolean, secret: String @aws_iam }
type Comment @aws_lambda @aws_iam { eventId: String!, content: String! }
type Query { getEvent: Event, internal: String @aws_iam }
type Mutation {
  createEvent(name: String!): Event
  publishEventCreated(item: AWSJSON!): Event @aws_iam
  publishComment(item: AWSJSON!): Comment @aws_iam
  move(subscription: String!): Boolean @aws_iam
  moveMany(subscriptions: [String!]!): Boolean @aws_iam
}
type Subscription {
  created(id: ID, name: String, draft: Boolean): Event @aws_subscribe(mutations: ["publishEventCreated"])
  comments(eventId: String!): Comment @aws_subscribe(mutations: ["publishComment"])
  audit: Event @aws_subscribe(mutations: ["publishEventCreated"]) @aws_iam
}
"""
RESOLVERS = """
def handler(context, _):
    return {"id": "1", "name": "lambda", "when": "now", "secret": "s", **context["arguments"]}
"""
AUTHORIZER = """
def handler(event, _):
    token = event["authorizationToken"]
    if event["requestContext"]["queryString"] and token == "connects only":
        return {"isAuthorized": False, "ttlOverride": 0}
    denied = ["Subscription.created"] if token == "limited" else []
    return {"isAuthorized": token != "wrong", "ttlOverride": 0, "deniedFields": denied}
"""
PUBLISH = """
export function request(ctx) {
  const item = ctx.args.item;
  return {payload: typeof item === "string" ? JSON.parse(item) : item};
}
export function response(ctx) { return ctx.result; }
"""
MOVE_MANY = """
import { extensions } from '@aws-appsync/utils';
export function request() { return { payload: null }; }
export function response(ctx) {
  for (const [each, field] of ctx.args.subscriptions.entries()) {
    extensions.invalidateSubscriptions({ subscriptionField: field, payload: { each } });
    extensions.invalidateSubscriptions({ subscriptionField: field, payload: { each } });
  }
  return true;
}
"""
SUBSCRIBERS = Path(__file__).resolve().parents[3] / "region" / "subscribers"
FIELDS = (("Query", "getEvent"), ("Mutation", "createEvent"))
RIGHT = "right"  # a token that the authorizer lets in
PUBLISHED = ("publishEventCreated", "publishComment")
MOVING = ("move", "moveMany")
EVENT = "mutation P($item: AWSJSON!) { publishEventCreated(item: $item) { id name when draft secret } }"
COMMENT = "mutation P($item: AWSJSON!) { publishComment(item: $item) { eventId content } }"


class Client:
    """A real-time client that has connected."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, **message: Any) -> None:
        await self.socket.send_json(message)

    async def receive(self) -> Any:
        return await self.socket.receive_json(timeout=5)

    async def start(
        self,
        query: str,
        *,
        id_: str = "test",
        token: str = RIGHT,
        variables: dict[str, Any] | None = None,
    ) -> Any:
        """Sends a start message; the answer."""
        data = json.dumps({"query": query, "variables": variables})
        authorization = {"Authorization": token, "host": HOST}
        payload = {"data": data, "extensions": {"authorization": authorization}}
        await self.send(id=id_, type="start", payload=payload)
        return await self.receive()


class Live:
    """A region with the API, whose publish mutations have no data source."""

    def __init__(self, there: Region) -> None:
        self.there = there
        self.roles: Roles = there.roles
        self._session = there.session
        self._port = 0

    @asynccontextmanager
    async def default_endpoint(self) -> AsyncIterator[None]:
        """Serves the API's own endpoint, as the gateway does."""

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            return await self.there.endpoints.default_endpoint(REGION, request.path.split("/")[3], request)

        runner = web.ServerRunner(web.Server(handle))
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, 0).start()
        self._port = runner.addresses[0][1]
        try:
            yield
        finally:
            await runner.cleanup()

    async def role(self, name: str, *statements: dict[str, Any]) -> str:
        """A role, with an inline policy where there are statements; its ARN."""
        iam = self.there.aws
        role = await iam.call("iam", "us-east-1", "create_role", RoleName=name, AssumeRolePolicyDocument="{}")
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            policy = {"PolicyName": "inline", "PolicyDocument": document}
            await iam.call("iam", "us-east-1", "put_role_policy", RoleName=name, **policy)
        return str(role["Role"]["Arn"])

    async def publisher(self, name: str = "fan-out") -> str:
        arn = f"arn:aws:appsync:{REGION}:000000000000:apis/{self.there.api_id}/types/Mutation/fields/"
        resources = [arn + field for field in (*PUBLISHED, *MOVING)]
        return await self.role(name, {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": resources})

    async def signed(self, role_arn: str, query: str, *, api_id: str | None = None, **variables: Any) -> Answer:
        """Posts to the API's own endpoint with the credentials of a role."""
        url = f"http://{LOOPBACK}:{self._port}/v1/apis/{api_id or self.there.api_id}/graphql"
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = sign(self.roles, role_arn, url, body)
        async with self._session.post(url, data=body, headers=headers) as answer:
            return Answer(answer.status, answer.headers, await answer.text())

    async def publish(self, role_arn: str, query: str, **item: Any) -> Answer:
        return await self.signed(role_arn, query, item=json.dumps(item))

    @asynccontextmanager
    async def client(self, token: str = RIGHT, *, by_protocol: bool = False) -> AsyncIterator[Client]:
        header = json.dumps({"host": HOST, "Authorization": token}).encode()
        protocols = ["graphql-ws"]
        query = {"header": base64.b64encode(header).decode(), "payload": "e30="}
        if by_protocol:
            protocols.append("header-" + base64.urlsafe_b64encode(header).decode().rstrip("="))
            query = {}
        async with self.there.websocket(protocols, query) as socket:
            yield Client(socket)

    @asynccontextmanager
    async def subscriber(self, query: str, **variables: Any) -> AsyncIterator[Client]:
        """A client whose subscription `test` has started."""
        async with self.client() as client:
            assert await client.start(query, variables=variables) == {"id": "test", "type": "start_ack"}
            yield client


def sign(roles: Roles, role_arn: str, url: str, body: bytes) -> dict[str, str]:
    """The headers of a POST that a role signs."""
    own = roles.credentials(role_arn)
    request = AWSRequest("POST", url, data=body, headers={"Content-Type": "application/json"})
    SigV4Auth(Credentials(own.access_key_id, own.secret_access_key), "appsync", REGION).add_auth(request)
    return dict(request.headers)


_serial = itertools.count()


@asynccontextmanager
async def live(ports: Ports, folder: Path) -> AsyncIterator[Live]:
    code = Code(SCHEMA, AUTHORIZER, RESOLVERS, FIELDS)
    additional = [{"authenticationType": "AWS_IAM"}]
    async with region(ports, folder, code, additionalAuthenticationProviders=additional) as there:
        appsync = {"apiId": there.api_id, "dataSourceName": "none", "kind": "UNIT"}
        await there.aws.call("appsync", REGION, "create_data_source", apiId=there.api_id, name="none", type="NONE")
        subscribe = (SUBSCRIBERS / "subscribe.js").read_text(encoding="utf-8")
        codes = {
            **{("Mutation", field): PUBLISH for field in PUBLISHED},
            ("Mutation", "move"): (SUBSCRIBERS / "move.js").read_text(encoding="utf-8"),
            ("Mutation", "moveMany"): MOVE_MANY,
            ("Subscription", "created"): subscribe,
            ("Subscription", "comments"): subscribe,
        }
        for (kind, field), script in codes.items():
            runtime = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}
            await there.aws.call(
                "appsync",
                REGION,
                "create_resolver",
                typeName=kind,
                fieldName=field,
                runtime=runtime,
                code=script,
                **appsync,
            )
        deployed = Live(there)
        async with deployed.default_endpoint():
            yield deployed


def role_name() -> str:
    """A name that no other test has used: roles outlive the API in the emulator."""
    return f"role-{next(_serial)}"

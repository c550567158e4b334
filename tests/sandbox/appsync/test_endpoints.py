import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.appsync.endpoints import RegionalEndpoints
from sandbox.certificates import CertificateAuthority
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import LOOPBACK, Ports
from tests.sandbox.embedded import Aws, Code, embedded_aws, package, ports

__all__ = ["ports"]

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
            return {"isAuthorized": True, "resolverContext": {"asked": str(asked), **event["requestContext"]}}
        case "once":
            return {"isAuthorized": True, "resolverContext": {"asked": str(asked)}, "ttlOverride": 0}
        case "limited":
            return {"isAuthorized": True, "deniedFields": ["Mutation.createEvent"]}
        case "raise":
            raise ValueError
    return {"isAuthorized": False}
"""
FIELDS = (("Query", "getEvent"), ("Query", "echo"), ("Event", "comments"), ("Mutation", "createEvent"))
REGION = "eu-west-1"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Region:
    """A region with an API behind ireland.example.test."""

    def __init__(self, aws: Aws, api_id: str, session: aiohttp.ClientSession, tls: ssl.SSLContext) -> None:
        self.aws = aws
        self.api_id = api_id
        self._session = session
        self._tls = tls

    async def post(
        self,
        query: str | None = None,
        *,
        bearer: str | None = "right",
        path: str = "/graphql",
        host: str = "ireland.example.test",
        method: str = "POST",
        body: bytes | None = None,
        **more: Any,
    ) -> Answer:
        if body is None:
            body = json.dumps({"query": query, **more}).encode()
        headers = {"Host": host, "Content-Type": "application/json"}
        if bearer is not None:
            headers["Authorization"] = bearer
        async with self._session.request(
            method,
            f"https://{LOOPBACK}:{self.aws.ports.regions[REGION]}{path}",
            data=body,
            headers=headers,
            ssl=self._tls,
            server_hostname="ireland.example.test",
        ) as answer:
            return Answer(answer.status, answer.headers, await answer.text())


@asynccontextmanager
async def region(ports: Ports, folder: Path, **settings: Any) -> AsyncIterator[Region]:
    async with embedded_aws(ports) as aws:
        authority = CertificateAuthority(folder)
        runtime = LambdaRuntime(aws.control_plane, aws.url, folder / "functions")
        endpoints = RegionalEndpoints(aws.control_plane, runtime, ports, authority)
        await endpoints.start()
        try:
            certificate = await aws.certificate("example.test")
            api_id, _ = await aws.api(
                REGION, "ireland.example.test", certificate, Code(SCHEMA, AUTHORIZER, RESOLVERS, FIELDS), **settings
            )
            async with aiohttp.ClientSession() as session:
                yield Region(aws, api_id, session, authority.client_context())
        finally:
            await endpoints.stop()
            await runtime.stop()


def test_an_operation_is_answered_as_appsync_answers(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            for path in ("/graphql", "/graphql/"):
                answer = await there.post('query A { getEvent(id: "1") { name } }', path=path)
                assert answer.text == '{"data":{"getEvent":{"name":"Ireland"}}}'
                assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
                assert len(answer.headers["x-amzn-RequestId"]) == 36
            answer = await there.post(
                "mutation M($n: String!) { createEvent(name: $n) { id name } }", variables={"n": "Zürich"}
            )
            assert answer.json == {"data": {"createEvent": {"id": "1", "name": "Zürich"}}}
            answer = await there.post('{ echo(value: "{\\"a\\": [1]}") }')
            assert answer.json == {"data": {"echo": '{"a":[1]}'}}

    asyncio.run(story())


def test_a_resolver_gets_appsyncs_whole_context(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            query = (
                "query Q($id: ID!, $no: Boolean!) {"
                " getEvent(id: $id) { name ...F id @include(if: $no) } } fragment F on Event { c: comments { text } }"
            )
            answer = await there.post(query, variables={"id": "context", "no": False}, operationName="Q")
            context = json.loads(answer.json["data"]["getEvent"]["name"])
            assert context["request"]["headers"]["authorization"] == "right"
            assert context["request"]["domainName"] == "ireland.example.test"
            assert context["identity"]["resolverContext"]["apiId"] == there.api_id
            assert context["identity"]["resolverContext"]["queryString"] == query
            assert context["identity"]["resolverContext"]["operationName"] == "Q"
            selection = "{\n  name\n  ...F\n  id @include(if: $no)\n}"
            assert {key: context[key] for key in ("arguments", "source", "prev", "stash", "info")} == {
                "arguments": {"id": "context"},
                "source": None,
                "prev": None,
                "stash": {},
                "info": {
                    "fieldName": "getEvent",
                    "parentTypeName": "Query",
                    "variables": {"id": "context", "no": False},
                    "selectionSetList": ["name", "c", "c/text"],
                    "selectionSetGraphQL": selection,
                },
            }

    asyncio.run(story())


def test_only_the_right_token_is_let_in(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            for token in (None, "", "wrong", "raise"):
                answer = await there.post("{ getEvent(id: 1) { id } }", bearer=token)
                assert answer.status == 401
                assert answer.headers["x-amzn-ErrorType"] == "UnauthorizedException"
                assert answer.text == (
                    '{"errors":[{"errorType":"UnauthorizedException",'
                    '"message":"You are not authorized to make this call."}]}'
                )

    asyncio.run(story())


def test_an_authorizer_that_appsync_may_not_call_lets_nobody_in(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            await there.aws.call(
                "lambda", REGION, "remove_permission", FunctionName="authorizer", StatementId="appsync"
            )
            assert (await there.post("{ __typename }")).status == 401

    asyncio.run(story())


def test_the_authorizers_answer_is_kept_for_its_time(ports: Ports, tmp_path: Path) -> None:
    async def asked(there: Region, token: str) -> str:
        answer = await there.post('{ getEvent(id: "context") { name } }', bearer=token)
        context = json.loads(answer.json["data"]["getEvent"]["name"])
        return str(context["identity"]["resolverContext"]["asked"])

    async def story() -> None:
        async with region(ports, tmp_path) as there:
            assert [await asked(there, "right") for _ in range(3)] == ["1", "1", "1"]
            assert [await asked(there, "once") for _ in range(3)] == ["2", "3", "4"]

    asyncio.run(story())


def test_denied_fields_and_the_token_expression_are_honoured(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        config = {"authorizerUri": "arn:aws:lambda:eu-west-1:000000000000:function:authorizer"}
        config["identityValidationExpression"] = "lim.*"
        async with region(ports, tmp_path, lambdaAuthorizerConfig=config) as there:
            assert (await there.post("{ __typename }", bearer="right")).status == 401
            answer = await there.post('mutation { createEvent(name: "x") { id } }', bearer="limited")
            assert answer.json["data"] == {"createEvent": None}
            assert answer.json["errors"][0]["errorType"] == "Unauthorized"
            assert answer.json["errors"][0]["message"] == "Not Authorized to access createEvent on type Mutation"

    asyncio.run(story())


def test_errors_have_the_shape_of_appsync(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            answer = await there.post('{ getEvent(id: "raise") { id } }')
            assert answer.status == 200
            assert answer.json == {
                "data": {"getEvent": None},
                "errors": [
                    {
                        "path": ["getEvent"],
                        "data": None,
                        "errorType": "Lambda:Unhandled",
                        "errorInfo": None,
                        "locations": [{"line": 1, "column": 3, "sourceName": None}],
                        "message": "no such event",
                    }
                ],
            }
            answer = await there.post('{ getEvent(id: "1") { comments(limit: 2) { text } } }')
            assert answer.json["data"] == {"getEvent": {"comments": [{"text": "on 1"}, None]}}
            assert answer.json["errors"][0]["message"] == (
                "Cannot return null for non-nullable type: 'String' within parent 'Comment' (/getEvent/comments/1/text)"
            )
            answer = await there.post("{ nothing }")
            assert answer.json["data"] is None
            assert answer.json["errors"][0]["locations"] == [{"line": 1, "column": 3, "sourceName": None}]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "Invalid JSON payload in POST request."),
        (b"[]", "Invalid JSON payload in POST request."),
        (b"{}", "Invalid request, `query` can't be null."),
        (b'{"query": " "}', "Invalid request, `query` can't be empty."),
        (b'{"query": 7}', "Invalid JSON payload in POST request."),
        (b'{"query": "{"}', "Unable to parse GraphQL query."),
    ],
)
def test_a_malformed_request_is_refused(body: bytes, message: str, ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            answer = await there.post(body=body)
            assert answer.status == 400
            assert answer.json == {"errors": [{"errorType": "MalformedHttpRequestException", "message": message}]}

    asyncio.run(story())


def test_limits_of_the_api_are_honoured(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        limits = {"introspectionConfig": "DISABLED", "queryDepthLimit": 3, "resolverCountLimit": 2}
        async with region(ports, tmp_path, **limits) as there:
            answer = await there.post("{ __schema { types { name } } }")
            assert answer.json["data"] is None
            answer = await there.post('{ getEvent(id: "1") { comments { text } } }')
            assert "errors" not in answer.json, "three levels, two resolvers"
            three = '{ getEvent(id: "1") { a: comments { text } b: comments { text } } }'
            answer = await there.post(three)
            assert answer.json["data"] == {"getEvent": {"a": [{"text": "on 1"}], "b": None}}

    asyncio.run(story())


def test_sibling_fields_are_resolved_at_the_same_time(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            query = '{ getEvent(id: "1") { a: comments { text } b: comments { text } c: comments { text } } }'
            await there.post(query)
            begun = asyncio.get_running_loop().time()
            await there.post(query)
            assert asyncio.get_running_loop().time() - begun < 0.5, "three of 0.2 s each"

    asyncio.run(story())


def test_a_change_of_the_api_serves_the_next_request(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            assert (await there.post('{ getEvent(id: "1") { name } }')).json["data"]["getEvent"]["name"] == "Ireland"
            code = package({"h.py": RESOLVERS.replace("Ireland", "Dublin")})
            await there.aws.call("lambda", REGION, "update_function_code", FunctionName="resolvers", ZipFile=code)
            assert (await there.post('{ getEvent(id: "1") { name } }')).json["data"]["getEvent"]["name"] == "Dublin"

    asyncio.run(story())


def test_other_hosts_paths_and_names_are_refused(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            assert (await there.post("{ __typename }", host="global-api.example.test")).status == 403
            assert (await there.post("{ __typename }", path="/")).status == 404
            assert (await there.post("{ __typename }", method="GET")).status == 404
            preflight = await there.post(method="OPTIONS", bearer=None, body=b"")
            assert (preflight.status, preflight.headers["Access-Control-Allow-Origin"]) == (200, "*")
            await there.aws.call("appsync", REGION, "disassociate_api", domainName="ireland.example.test")
            assert (await there.post("{ __typename }")).status == 404
            with pytest.raises(aiohttp.ClientConnectorSSLError, match="UNRECOGNIZED_NAME"):
                async with there._session.get(
                    f"https://{LOOPBACK}:{ports.regions[REGION]}", ssl=there._tls, server_hostname="other.example.test"
                ):
                    pass

    asyncio.run(story())

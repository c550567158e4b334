import asyncio
import json
from collections.abc import Iterator

import pytest

from sandbox.ports import Ports
from tests.sandbox.appsync.regional import Region, region
from tests.sandbox.embedded import ports, runner
from tests.timing import by_the_clock

__all__ = ["ports", "runner"]


@pytest.fixture(scope="module")
def there(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    deployed = region(ports, tmp_path_factory.mktemp("region"))
    yield runner.run(deployed.__aenter__())
    runner.run(deployed.__aexit__(None, None, None))


def test_an_operation_is_answered_as_appsync_answers(runner: asyncio.Runner, there: Region) -> None:
    async def story() -> None:
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

    runner.run(story())


def test_a_resolver_gets_appsyncs_whole_context(runner: asyncio.Runner, there: Region) -> None:
    async def story() -> None:
        query = (
            "query Q($id: ID!, $no: Boolean!) {"
            " getEvent(id: $id) { name ...F id @include(if: $no) } } fragment F on Event { c: comments { text } }"
        )
        answer = await there.post(query, variables={"id": "context", "no": False}, operationName="Q", bearer="once")
        context = json.loads(answer.json["data"]["getEvent"]["name"])
        assert context["request"]["headers"]["authorization"] == "once"
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

    runner.run(story())


def test_only_the_right_token_is_let_in(runner: asyncio.Runner, there: Region) -> None:
    async def story() -> None:
        for token in (None, "", "wrong", "raise"):
            answer = await there.post("{ getEvent(id: 1) { id } }", bearer=token)
            assert answer.status == 401
            assert answer.headers["x-amzn-ErrorType"] == "UnauthorizedException"
            assert answer.text == (
                '{"errors":[{"errorType":"UnauthorizedException",'
                '"message":"You are not authorized to make this call."}]}'
            )

    runner.run(story())


def test_errors_have_the_shape_of_appsync(runner: asyncio.Runner, there: Region) -> None:
    async def story() -> None:
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

    runner.run(story())


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
def test_a_malformed_request_is_refused(body: bytes, message: str, runner: asyncio.Runner, there: Region) -> None:
    async def story() -> None:
        answer = await there.post(body=body)
        assert answer.status == 400
        assert answer.json == {"errors": [{"errorType": "MalformedHttpRequestException", "message": message}]}

    runner.run(story())


@by_the_clock
def test_sibling_fields_are_resolved_at_the_same_time(runner: asyncio.Runner, there: Region) -> None:
    async def story() -> None:
        query = '{ getEvent(id: "1") { a: comments { text } b: comments { text } c: comments { text } } }'
        await there.post(query)
        begun = asyncio.get_running_loop().time()
        await there.post(query)
        assert asyncio.get_running_loop().time() - begun < 0.5, "three of 0.2 s each"

    runner.run(story())

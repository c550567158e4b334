"""One field with a direct resolver and with the deployed code around the same function, before real clients."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

import pytest

from sandbox.ports import Ports
from tests.sandbox.appsync.regional import REGION, Answer, Region, region
from tests.sandbox.embedded import ports, runner

__all__ = ["ports", "runner"]

DEEP = """
query Q($id: ID!, $no: Boolean!) { a: getEvent(id: $id) { name ...F id @include(if: $no) } }
fragment F on Event { c: comments(limit: 2) { text } }
"""
SOURCE = Path(__file__).resolve().parents[3] / "region" / "invocations" / "resolver.js"
CODE = Template(SOURCE.read_text(encoding="utf-8")).substitute(region="ireland")
ASKING_FOR_MORE = """
import { util } from '@aws-appsync/utils';
export function request(ctx) { return {operation: "Invoke", payload: ctx}; }
export function response(ctx) {
  util.http.addResponseHeader("Access-Control-Expose-Headers", "*");
  util.http.addResponseHeader("x-fine", "yes");
  return ctx.result;
}
"""
TIMING = 'antipodes;desc="ireland"'


@pytest.fixture(scope="module")
def there(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    deployed = region(ports, tmp_path_factory.mktemp("region"))
    yield runner.run(deployed.__aenter__())
    runner.run(deployed.__aexit__(None, None, None))


async def attach(there: Region, code: str | None) -> None:
    """Gives the root fields code around their function, or none."""
    around = {"code": code, "runtime": {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}} if code else {}
    for kind, name in (("Query", "getEvent"), ("Query", "echo"), ("Mutation", "createEvent")):
        field = {"apiId": there.api_id, "typeName": kind, "fieldName": name, "dataSourceName": "resolvers"}
        await there.aws.call("appsync", REGION, "update_resolver", kind="UNIT", **field, **around)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (DEEP, {"id": "context", "no": False, "unused": {"deep": [1, 2.5, None, "é\u2028"]}}),
        ('{ getEvent(id: "raise") { id } b: getEvent(id: "1") { id } }', {}),
        ('{ getEvent(id: "1") { name comments(limit: 2) { text } } }', {}),
        ("query Q($v: AWSJSON) { echo(value: $v) none: echo }", {"v": json.dumps({"a": [1, 0.5, None, "\ud83d"]})}),
        ("{ echo(value: null) }", {}),
        ("mutation M($n: String!) { createEvent(name: $n) { id name } }", {"n": "Zürich"}),
    ],
)
def test_neither_the_function_nor_the_client_can_tell_code_from_a_direct_resolver(
    query: str, variables: dict[str, Any], runner: asyncio.Runner, there: Region
) -> None:
    async def asked(code: str | None) -> Answer:
        await attach(there, code)
        return await there.post(query, variables=variables)

    direct, around = runner.run(asked(None)), runner.run(asked(CODE))
    assert (around.status, around.json) == (direct.status, direct.json)
    assert "Server-Timing" not in direct.headers
    assert around.headers.getall("Server-Timing") == [TIMING]
    assert around.headers["Timing-Allow-Origin"] == "*"


def test_what_no_resolver_answered_names_no_region(runner: asyncio.Runner, there: Region) -> None:
    async def story() -> None:
        await attach(there, CODE)
        for refused in (await there.post("{ __typename }"), await there.post("{ getEvent }", bearer="wrong")):
            assert "Server-Timing" not in refused.headers

    runner.run(story())


def test_a_restricted_header_is_left_out_and_told_as_an_error(runner: asyncio.Runner, there: Region) -> None:
    async def story() -> None:
        await attach(there, ASKING_FOR_MORE)
        answer = await there.post('{ e: getEvent(id: "1") { id } }')
        assert answer.json["data"] == {"e": {"id": "1"}}
        (error,) = answer.json["errors"]
        assert (error["errorType"], error["path"]) == ("ResponseHeaderError", ["e"])
        assert error["locations"] == [{"line": 1, "column": 3, "sourceName": None}]
        assert "x-amzn-RequestId" in answer.headers["Access-Control-Expose-Headers"]
        assert answer.headers["x-fine"] == "yes"

    runner.run(story())

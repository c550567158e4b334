import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.ports import LOOPBACK, Ports
from tests.sandbox.appsync.regional import REGION, RESOLVERS, Region, region
from tests.sandbox.embedded import package, ports

__all__ = ["ports"]


def test_an_authorizer_that_appsync_may_not_call_lets_nobody_in(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            await there.aws.call(
                "lambda", REGION, "remove_permission", FunctionName="authorizer", StatementId="appsync"
            )
            assert (await there.post("{ __typename }")).status == 401

    asyncio.run(story())


def test_the_authorizers_answer_is_kept_for_its_time_as_it_passes_in_the_sandbox(ports: Ports, tmp_path: Path) -> None:
    async def asked(there: Region, token: str) -> str:
        answer = await there.post('{ getEvent(id: "context") { name } }', bearer=token)
        context = json.loads(answer.json["data"]["getEvent"]["name"])
        return str(context["identity"]["resolverContext"]["asked"])

    async def story() -> None:
        async with region(ports, tmp_path) as there:
            assert [await asked(there, "right") for _ in range(3)] == ["1", "1", "1"]
            assert [await asked(there, "once") for _ in range(3)] == ["2", "3", "4"]
            there.clock.set(30)
            assert await asked(there, "right") == "1"
            there.clock.set(70)
            assert [await asked(there, "right") for _ in range(2)] == ["5", "5"]
            there.clock.set(0)
            assert await asked(there, "right") == "6", "a clock that is set back keeps nothing alive"

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


def test_limits_of_the_api_are_honoured(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        limits: dict[str, Any] = {"introspectionConfig": "DISABLED", "queryDepthLimit": 3, "resolverCountLimit": 2}
        async with region(ports, tmp_path, **limits) as there:
            answer = await there.post("{ __schema { types { name } } }")
            assert answer.json["data"] is None
            answer = await there.post('{ getEvent(id: "1") { comments { text } } }')
            assert "errors" not in answer.json, "three levels, two resolvers"
            three = '{ getEvent(id: "1") { a: comments { text } b: comments { text } } }'
            answer = await there.post(three)
            assert answer.json["data"] == {"getEvent": {"a": [{"text": "on 1"}], "b": None}}

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
                async with there.session.get(
                    f"https://{LOOPBACK}:{ports.regions[REGION]}", ssl=there.tls, server_hostname="other.example.test"
                ):
                    pass

    asyncio.run(story())


def test_where_iam_is_no_mode_a_signature_is_a_token_like_any_other(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path) as there:
            answer = await there.post("{ __typename }", bearer="AWS4-HMAC-SHA256 Credential=x")
            assert answer.status == 401

    asyncio.run(story())


@pytest.mark.parametrize(
    "settings",
    [
        {"additionalAuthenticationProviders": [{"authenticationType": "API_KEY"}]},
        {"authenticationType": "API_KEY"},
    ],
)
def test_modes_that_the_sandbox_lacks_are_named(settings: dict[str, Any], ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with region(ports, tmp_path, **settings) as there:
            answer = await there.post("{ __typename }")
            assert (answer.status, answer.json["errors"][0]["message"]) == (
                501,
                "the sandbox emulates the authentication types AWS_IAM and AWS_LAMBDA, not API_KEY",
            )

    asyncio.run(story())


def test_the_authorizer_may_be_the_additional_mode(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        config = {"authorizerUri": f"arn:aws:lambda:{REGION}:000000000000:function:authorizer"}
        additional = [{"authenticationType": "AWS_LAMBDA", "lambdaAuthorizerConfig": config}]
        settings: dict[str, Any] = {"authenticationType": "AWS_IAM", "additionalAuthenticationProviders": additional}
        async with region(ports, tmp_path, **settings) as there:
            answer = await there.post('mutation { createEvent(name: "x") { id } }')
            assert answer.json["data"] == {"createEvent": None}
            assert answer
            assert (await there.post("{ __typename }", bearer="wrong")).status == 401

    asyncio.run(story())

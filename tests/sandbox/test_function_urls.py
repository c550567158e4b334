"""Function URLs over real sockets, before functions that run."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from botocore.exceptions import ClientError

from sandbox.certificates import CertificateAuthority
from sandbox.function_urls import FunctionUrls, open_to_all
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import LOOPBACK, Ports
from sandbox.regional_listeners import RegionalListeners
from sandbox.roles import Roles
from tests.sandbox.embedded import Aws, embedded_aws, ports, runner

__all__ = ["ports", "runner"]

REGION = "eu-west-1"
CODE = """
def handler(event, context):
    match event["rawPath"]:
        case "/raise":
            raise ValueError("a secret")
        case "/malformed":
            return {"statusCode": 200, "body": {}}
        case "/whole":
            return {"statusCode": 418, "headers": {"x-a": "1"}, "cookies": ["a=1"], "body": event["body"]}
    return event["rawPath"]
"""
URL = {"FunctionUrlAuthType": "NONE", "Action": "lambda:InvokeFunctionUrl"}
FUNCTION = {"InvokedViaFunctionUrl": True, "Action": "lambda:InvokeFunction"}


@dataclass(frozen=True)
class There:
    """A region with its listener, and a client that trusts it."""

    aws: Aws
    session: aiohttp.ClientSession
    authority: CertificateAuthority

    async def url(self, name: str, *permissions: dict[str, Any], auth_type: str = "NONE") -> str:
        """The host of a new function's URL."""
        await self.aws.function(name, {"h.py": CODE})
        for number, permission in enumerate(permissions):
            of = {"FunctionName": name, "StatementId": str(number), "Principal": "*"}
            await self.aws.call("lambda", REGION, "add_permission", **of, **permission)
        created = await self.aws.call(
            "lambda", REGION, "create_function_url_config", FunctionName=name, AuthType=auth_type
        )
        return str(created["FunctionUrl"]).split("/")[2]

    async def get(self, host: str, path: str = "/", **more: Any) -> tuple[int, Any, str]:
        async with self.session.request(
            more.pop("method", "GET"),
            f"https://{LOOPBACK}:{self.aws.ports.regions[REGION]}{path}",
            headers={"Host": host, "Content-Type": "text/plain"},
            ssl=self.authority.client_context(),
            server_hostname=host,
            **more,
        ) as answer:
            return answer.status, answer.headers, await answer.text()


@asynccontextmanager
async def region(ports: Ports, folder: Path) -> AsyncIterator[There]:
    async with embedded_aws(ports) as aws, aiohttp.ClientSession() as session:
        authority = CertificateAuthority(folder)
        runtime = LambdaRuntime(aws.control_plane, aws.url, folder / "functions", Roles())
        listeners = RegionalListeners(ports, [FunctionUrls(aws.control_plane, runtime.invoke, authority)])
        await listeners.start()
        try:
            yield There(aws, session, authority)
        finally:
            await listeners.stop()
            await runtime.stop()


@pytest.fixture(scope="module")
def there(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    deployed = region(ports, tmp_path_factory.mktemp("region"))
    yield runner.run(deployed.__aenter__())
    runner.run(deployed.__aexit__(None, None, None))


def test_a_function_answers_under_its_url(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        host = await there.url("open-url", URL, FUNCTION)
        status, headers, text = await there.get(host, "/a")
        assert (status, headers["Content-Type"], text) == (200, "application/json", '"/a"')
        status, headers, text = await there.get(host, "/whole", method="POST", data="body")
        assert (status, headers["x-a"], headers["set-cookie"], text) == (418, "1", "a=1", "body")
        for path in ("/raise", "/malformed"):
            status, headers, text = await there.get(host, path)
            assert (status, json.loads(text)) == (502, {"Message": "Internal Server Error"})
        status, _, _ = await there.get(host, method="POST", data=b"x" * (6 * 1024 * 1024 + 1))
        assert status == 413

    runner.run(story())


def test_who_lacks_a_permission_or_a_url_is_told(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        half = await there.url("half-url", URL)
        assert (await there.get(half))[0] == 403
        of = {"FunctionName": "half-url", "StatementId": "second", "Principal": "*"}
        await there.aws.call("lambda", REGION, "add_permission", **of, **FUNCTION)
        assert (await there.get(half))[0] == 200, "a permission counts at once"
        signed = await there.url("signed-url", URL, FUNCTION, auth_type="AWS_IAM")
        status, _, text = await there.get(signed)
        assert (status, "does not emulate the auth type AWS_IAM" in text) == (501, True)
        assert (await there.get(f"nothing.lambda-url.{REGION}.on.aws"))[0] == 404
        with pytest.raises(aiohttp.ClientConnectionError):
            await there.get("abc.lambda-url.us-east-1.on.aws")

    runner.run(story())


def test_a_url_is_configured_through_the_gateway_and_goes_with_its_function(
    runner: asyncio.Runner, there: There
) -> None:
    async def call(operation: str, **more: Any) -> Any:
        return await there.aws.call("lambda", REGION, operation, FunctionName="kept-url", **more)

    async def story() -> None:
        host = await there.url("kept-url", URL, FUNCTION)
        read = await call("get_function_url_config")
        assert (read["FunctionUrl"], read["AuthType"]) == (f"https://{host}/", "NONE")
        [listed] = (await call("list_function_url_configs"))["FunctionUrlConfigs"]
        assert listed["FunctionUrl"] == read["FunctionUrl"]
        for unserved in ({"AuthType": "OPEN"}, {"InvokeMode": "RESPONSE_STREAM"}, {"Cors": {"AllowOrigins": ["*"]}}):
            with pytest.raises(ClientError, match=r"AuthType|authType|does not emulate"):
                await call("update_function_url_config", **unserved)
        await call("delete_function")
        assert (await there.get(host))[0] == 404
        again = await there.url("kept-url", URL, FUNCTION)
        assert again != host
        assert (await there.get(host))[0] == 404

    runner.run(story())


ALLOW = {"Effect": "Allow", "Principal": "*"}
BY_URL = {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
VIA_URL = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
OPEN = [
    ALLOW | {"Action": "lambda:InvokeFunctionUrl", "Condition": BY_URL},
    ALLOW | {"Action": "lambda:InvokeFunction", "Condition": VIA_URL},
]


@pytest.mark.parametrize(
    ("statements", "is_open"),
    [
        (OPEN, True),
        ([ALLOW | {"Action": "lambda:*"}], True),
        ([ALLOW | {"Action": ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"], "Principal": {"AWS": "*"}}], True),
        ([], False),
        (OPEN[:1], False),
        (OPEN[1:], False),
        ([*OPEN, {"Effect": "Deny", "Principal": "*", "Action": "lambda:InvokeFunctionUrl"}], False),
        ([OPEN[0] | {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, OPEN[1]], False),
        ([OPEN[0] | {"Principal": {"Service": "apigateway.amazonaws.com"}}, OPEN[1]], False),
        ([OPEN[0] | {"Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}}, OPEN[1]], False),
        ([OPEN[0] | {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, OPEN[1]], False),
    ],
)
def test_a_url_is_open_where_both_actions_are_everyones(statements: list[dict[str, Any]], is_open: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert open_to_all(statements) is is_open

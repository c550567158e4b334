"""Calls of AWS APIs by way of a gateway that faults are planted in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import aiohttp
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from sandbox.aws import OF_AWS, Clients
from sandbox.extensions.call import service_model
from sandbox.faults.calls import tables_of, throttled
from sandbox.faults.kinds import ApiThrottled, ControlPlaneDown, Fault, RegionDown
from sandbox.faults.planted import Planted
from sandbox.faults.state import Faults
from sandbox.gateway import Gateway
from sandbox.ports import LOOPBACK, Ports
from tests.sandbox.embedded import ports

__all__ = ["ports"]

PATIENCE = 20.0
DOWN = [RegionDown("eu-west-1"), RegionDown("eu-west-1", hanging=True)]


class Aws:
    """Calls of somebody who does not try again, and of AWS itself."""

    def __init__(self, url: str, faults: Faults) -> None:
        self.url = url
        self.faults = faults

    async def call(self, service: str, region: str, operation: str, **parameters: Any) -> Any:
        return await asyncio.to_thread(getattr(_clients(self.url)(service, region), operation), **parameters)

    async def of_aws(self, service: str, region: str, operation: str) -> Any:
        return await asyncio.to_thread(getattr(_own(self.url)(service, region), operation))


@cache
def _clients(url: str) -> Clients:
    return Clients(url, Config(retries={"total_max_attempts": 1}, read_timeout=PATIENCE))


@cache
def _own(url: str) -> Clients:
    return Clients(url, OF_AWS)


@asynccontextmanager
async def aws_here(ports: Ports) -> AsyncIterator[Aws]:
    faults = Faults()

    async def endpoint(region: str, api: str, _: Any) -> aiohttp.web.Response:
        return aiohttp.web.json_response({"region": region, "api": api})

    emulator = f"http://{LOOPBACK}:{ports.emulator}"
    gateway = Gateway(emulator, lambda _: None, faults=faults, default_endpoint=endpoint)
    await gateway.start(LOOPBACK, ports.gateway)
    try:
        yield Aws(f"http://{LOOPBACK}:{ports.gateway}", faults)
    finally:
        await faults.clear()
        await gateway.stop()


def test_a_region_that_is_down_ends_connections_and_others_answer(ports: Ports):
    async def story() -> None:
        async with aws_here(ports) as aws:
            await aws.faults.plant(RegionDown("eu-west-1"))
            for service, operation in (
                ("dynamodb", "list_tables"),
                ("lambda", "list_functions"),
                ("sts", "get_caller_identity"),
            ):
                with pytest.raises(HTTPClientError):
                    await aws.call(service, "eu-west-1", operation)
                await aws.call(service, "us-east-1", operation)

            await aws.faults.clear()

            assert "TableNames" in await aws.call("dynamodb", "eu-west-1", "list_tables")

    asyncio.run(story())


def test_a_region_that_hangs_answers_nothing_until_the_fault_is_cleared(ports: Ports, monkeypatch: pytest.MonkeyPatch):
    async def story() -> None:
        async with aws_here(ports) as aws:
            held = asyncio.Event()
            until = aws.faults.until

            def holding(condition: Callable[[Planted], bool]) -> Awaitable[None]:
                held.set()
                return until(condition)

            monkeypatch.setattr(aws.faults, "until", holding)
            await aws.faults.plant(RegionDown("eu-west-1", hanging=True))
            waiting = asyncio.create_task(aws.call("dynamodb", "eu-west-1", "list_tables"))
            await held.wait()
            assert "TableNames" in await aws.call("dynamodb", "us-east-1", "list_tables")
            assert not waiting.done()

            await aws.faults.clear()

            with pytest.raises(HTTPClientError, match="Connection was closed"):
                await waiting
            assert "TableNames" in await aws.call("dynamodb", "eu-west-1", "list_tables")

    asyncio.run(story())


@pytest.mark.parametrize("fault", [*DOWN, ApiThrottled("lambda"), ControlPlaneDown("lambda")], ids=str)
def test_what_aws_asks_itself_goes_on(ports: Ports, fault: Fault):
    async def story() -> None:
        async with aws_here(ports) as aws:
            await aws.faults.plant(fault)
            assert "Functions" in await aws.of_aws("lambda", "eu-west-1", "list_functions")

    asyncio.run(story())


def test_the_default_endpoint_of_an_api_goes_down_with_its_region(ports: Ports):
    async def story() -> None:
        async with aws_here(ports) as aws, aiohttp.ClientSession() as session:

            async def post() -> Any:
                scope = "AWS4-HMAC-SHA256 Credential=sandbox/20260101/eu-west-1/appsync/aws4_request"
                headers = {"Authorization": scope}
                async with session.post(f"{aws.url}/v1/apis/abc/graphql", headers=headers) as answer:
                    return await answer.json()

            await aws.faults.plant(RegionDown("eu-west-1"))
            with pytest.raises(aiohttp.ClientError):
                await post()
            await aws.faults.clear()
            assert await post() == {"region": "eu-west-1", "api": "abc"}

    asyncio.run(story())


async def refusal(call: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as refused:
        await call
    return refused.value.response["Error"]["Code"], refused.value.response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("dynamodb", "list_tables", "ThrottlingException", 400),
        ("lambda", "list_functions", "TooManyRequestsException", 429),
        ("route53", "list_hosted_zones", "Throttling", 400),
        ("sts", "get_caller_identity", "ThrottlingException", 400),
        ("cloudwatch", "list_metrics", "ThrottlingException", 400),
    ],
)
def test_a_throttled_api_refuses_calls_as_its_service_does(
    ports: Ports, service: str, operation: str, code: str, status: int
):
    async def story() -> None:
        async with aws_here(ports) as aws:
            await aws.faults.plant(ApiThrottled(service, "us-east-1"))
            assert await refusal(aws.call(service, "us-east-1", operation)) == (code, status)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("dynamodb", "PutItem", "ProvisionedThroughputExceededException", 400),
        ("sqs", "SendMessage", "RequestThrottled", 400),
        ("secretsmanager", "GetSecretValue", "ThrottlingException", 400),
        ("route53", "ChangeResourceRecordSets", "Throttling", 400),
    ],
)
def test_an_operation_that_has_an_error_for_too_many_calls_is_refused_with_it(
    service: str, operation: str, code: str, status: int
):
    model = service_model(service)
    assert model is not None
    error = throttled(service, model.operation_model(operation))
    assert (error.code, error.status) == (code, status)


def test_a_share_of_the_calls_is_throttled_in_the_region_that_was_named(ports: Ports):
    async def story() -> None:
        async with aws_here(ports) as aws:
            await aws.faults.plant(ApiThrottled("dynamodb", "eu-west-1", 0.5))
            refused = 0
            for _ in range(40):
                try:
                    await aws.call("dynamodb", "eu-west-1", "list_tables")
                except ClientError:
                    refused += 1
                await aws.call("lambda", "eu-west-1", "list_functions")
            assert 3 < refused < 37  # a fair coin leaves these bounds once in many million runs
            await aws.call("dynamodb", "us-east-1", "list_tables")

    asyncio.run(story())


def test_a_control_plane_that_is_down_answers_503_to_every_call(ports: Ports):
    async def story() -> None:
        async with aws_here(ports) as aws:
            await aws.faults.plant(ControlPlaneDown())
            down = ("ServiceUnavailable", 503)
            assert await refusal(aws.call("route53", "us-east-1", "list_hosted_zones")) == down
            creation = {"Name": "down.test", "CallerReference": "down"}
            assert await refusal(aws.call("route53", "us-east-1", "create_hosted_zone", **creation)) == down
            await aws.call("cloudfront", "us-east-1", "list_distributions")
            await aws.faults.clear()
            zones = (await aws.call("route53", "us-east-1", "list_hosted_zones"))["HostedZones"]
            assert "down.test." not in [zone["Name"] for zone in zones]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("parameters", "tables"),
    [
        ({"Limit": 3}, set()),
        ({"ResourceArn": "arn:aws:dynamodb:eu-west-1:000000000000:table/a"}, {"a"}),
        ({"RequestItems": {"a": [], "b": []}}, {"a", "b"}),
        ({"TransactItems": [{"Get": {"TableName": "a"}}, {"Put": {"TableName": "b"}}]}, {"a", "b"}),
        (
            {"Statements": [{"Statement": 'UPDATE "a.b" SET x=1'}, {"Statement": "insert into c value {}"}]},
            {"a.b", "c"},
        ),
        ({"TransactStatements": [{"Statement": 'DELETE FROM "a" WHERE id=1'}]}, {"a"}),
    ],
)
def test_the_tables_of_a_call_are_found_wherever_it_names_them(parameters: dict[str, Any], tables: set[str]):
    assert tables_of(parameters) == tables

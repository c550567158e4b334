"""EventBridge's AppSync targets: rules and queues in the real emulator, the API's endpoint as it is told to be."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from sandbox.appsync.signature import signer
from sandbox.event_bus import DeliveryError, require_success
from sandbox.ports import Ports
from sandbox.roles import Roles
from tests.sandbox.embedded import ports
from tests.sandbox.streams.world import HOME, World, eventually, world

__all__ = ["ports"]

ROLE = "arn:aws:iam::000000000000:role/bus"
API = "arn:aws:appsync:eu-west-1:000000000000:endpoints/graphql-api/abc123"
OPERATION = "mutation recordEvent($id: ID!, $name: String!) { recordEvent(id: $id, name: $name) { __typename } }"
TRANSFORMER = {
    "InputPathsMap": {"id": "$.id", "name": "$.detail.name"},
    "InputTemplate": '{"id": <id>, "name": <name>}',
}
UNAUTHORIZED = {"data": None, "errors": [{"errorType": "Unauthorized", "message": "Not Authorized"}]}


@dataclass
class Endpoint:
    """An API's default endpoint: what it got, and what it answers to the nth request."""

    roles: Roles = field(default_factory=Roles)
    answer: Callable[[int], tuple[int, Any]] = lambda _: (200, {"data": {}})
    requests: list[tuple[str, str, str, Any]] = field(default_factory=list)

    async def __call__(self, region: str, api: str, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        by = signer(request.raw_path, headers, body, service="appsync", region=region, find=self.roles.find)
        self.requests.append((region, api, by.principal_arn, json.loads(body)))
        status, answer = self.answer(len(self.requests))
        return web.json_response(answer, status=status)

    async def has(self, count: int) -> bool:
        return len(self.requests) >= count


@asynccontextmanager
async def bus(ports: Ports, name: str, endpoint: Endpoint, **target: Any) -> AsyncIterator[tuple[World, str]]:
    """A world with a bus of this name that has a rule for announced events, and the ARN of its dead-letter queue."""
    async with world(ports, roles=endpoint.roles, default_endpoint=endpoint) as aws:
        dead = await aws.queue(HOME, name)
        await aws.call("events", HOME, "create_event_bus", Name=name)
        pattern = {"source": ["com.example.tickets"], "detail-type": ["Event announced"]}
        await aws.call(
            "events", HOME, "put_rule", Name="announced", EventBusName=name, EventPattern=json.dumps(pattern)
        )
        target = {
            "Id": "api",
            "Arn": API,
            "RoleArn": ROLE,
            "AppSyncParameters": {"GraphQLOperation": OPERATION},
            "InputTransformer": TRANSFORMER,
            "DeadLetterConfig": {"Arn": dead},
            **target,
        }
        answer = await aws.call("events", HOME, "put_targets", Rule="announced", EventBusName=name, Targets=[target])
        assert answer["FailedEntryCount"] == 0
        yield aws, dead


async def announce(aws: World, bus: str, name: str, **entry: Any) -> str:
    given = {"Source": "com.example.tickets", "DetailType": "Event announced", "Detail": json.dumps({"name": name})}
    answer = await aws.call("events", HOME, "put_events", Entries=[given | {"EventBusName": bus} | entry])
    return str(answer["Entries"][0]["EventId"])


async def dead_letter(aws: World, queue: str) -> tuple[dict[str, Any], dict[str, str]]:
    found: list[Any] = []

    async def arrived() -> bool:
        found.extend(await aws.messages(queue))
        return bool(found)

    await eventually(arrived)
    attributes = {name: given["StringValue"] for name, given in found[0]["MessageAttributes"].items()}
    return json.loads(found[0]["Body"]), attributes


def test_an_event_that_matches_calls_the_api_as_the_targets_role(ports: Ports):
    async def story() -> None:
        endpoint = Endpoint()
        async with bus(ports, "calls", endpoint) as (aws, _):
            await announce(aws, "calls", "other", DetailType="Event forgotten")
            await announce(aws, "default", "elsewhere")
            id_ = await announce(aws, "arn:aws:events:eu-west-1:000000000000:event-bus/calls", "Jazz")
            await eventually(lambda: endpoint.has(1))
            await asyncio.sleep(0.1)
            variables = {"id": id_, "name": "Jazz"}
            assert endpoint.requests == [(HOME, "abc123", ROLE, {"query": OPERATION, "variables": variables})]

    asyncio.run(story())


def test_a_disabled_rule_sends_nothing(ports: Ports):
    async def story() -> None:
        endpoint = Endpoint()
        async with bus(ports, "disabled", endpoint) as (aws, _):
            await aws.call("events", HOME, "disable_rule", Name="announced", EventBusName="disabled")
            await announce(aws, "disabled", "Jazz")
            await asyncio.sleep(0.2)
            assert endpoint.requests == []

    asyncio.run(story())


def test_a_failure_that_may_pass_is_tried_again(ports: Ports):
    async def story() -> None:
        endpoint = Endpoint(answer=lambda n: (200, {"data": {}}) if n == 3 else (500, {}))
        async with bus(ports, "again", endpoint) as (aws, queue):
            await announce(aws, "again", "Jazz")
            await eventually(lambda: endpoint.has(3))
            await asyncio.sleep(0.2)
            assert len(endpoint.requests) == 3
            assert await aws.messages(queue) == []

    asyncio.run(story())


def test_retries_end_in_the_dead_letter_queue_with_what_eventbridge_says_of_them(ports: Ports):
    async def story() -> None:
        endpoint = Endpoint(answer=lambda _: (429, {}))
        policy = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60}
        async with bus(ports, "exhausted", endpoint, RetryPolicy=policy) as (aws, queue):
            id_ = await announce(aws, "exhausted", "Jazz")
            event, attributes = await dead_letter(aws, queue)
            assert len(endpoint.requests) == 3
            assert (event["id"], event["detail"], event["region"]) == (id_, {"name": "Jazz"}, HOME)
            assert attributes.pop("ERROR_MESSAGE") == "{}"
            assert attributes == {
                "RULE_ARN": "arn:aws:events:eu-west-1:000000000000:rule/exhausted/announced",
                "TARGET_ARN": API,
                "ERROR_CODE": "THROTTLING",
                "RETRY_ATTEMPTS": "2",
                "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
            }

    asyncio.run(story())


@pytest.mark.parametrize(
    ("answer", "code"),
    [((200, UNAUTHORIZED), "NO_PERMISSIONS"), ((404, {}), "NO_RESOURCE"), ((400, {}), "INVALID_PARAMETER")],
)
def test_a_failure_that_no_retry_mends_goes_there_at_once(ports: Ports, answer: tuple[int, Any], code: str):
    async def story() -> None:
        endpoint = Endpoint(answer=lambda _: answer)
        async with bus(ports, f"final-{code}", endpoint) as (aws, queue):
            await announce(aws, f"final-{code}", "Jazz")
            _, attributes = await dead_letter(aws, queue)
            assert len(endpoint.requests) == 1
            assert (attributes["ERROR_CODE"], attributes["RETRY_ATTEMPTS"]) == (code, "0")
            assert "EXHAUSTED_RETRY_CONDITION" not in attributes

    asyncio.run(story())


def test_an_input_that_is_no_json_is_never_sent(ports: Ports):
    async def story() -> None:
        endpoint = Endpoint()
        async with bus(ports, "no-json", endpoint, InputTransformer={"InputTemplate": "{"}) as (aws, queue):
            await announce(aws, "no-json", "Jazz")
            _, attributes = await dead_letter(aws, queue)
            assert attributes["ERROR_CODE"] == "INVALID_JSON"
            assert endpoint.requests == []

    asyncio.run(story())


def test_an_operation_that_was_never_executed_is_one_that_no_retry_mends():
    message = "Variable '$name' got invalid value 5; String cannot represent a non string value: 5"
    with pytest.raises(DeliveryError, match="non string value: 5") as error:
        require_success(200, json.dumps({"data": None, "errors": [{"path": None, "message": message}]}))
    assert (error.value.code, error.value.is_final) == ("INVALID_PARAMETER", True)


def test_an_error_of_a_resolver_is_a_failure_of_the_target_that_may_pass():
    require_success(200, '{"data": {"recordEvent": null}}')
    with pytest.raises(DeliveryError) as error:
        require_success(200, '{"errors": [{"path": ["recordEvent"], "errorType": "Lambda:Unhandled", "message": "x"}]}')
    assert (error.value.code, error.value.is_final) == ("ERROR_FROM_TARGET", False)


def test_a_null_that_the_field_may_not_be_and_a_fault_of_appsync_are_failures_that_may_pass():
    for given in ({"path": ["recordEvent"], "message": "Cannot return null"}, {"errorType": "InternalFailure"}):
        with pytest.raises(DeliveryError) as error:
            require_success(200, json.dumps({"errors": [given]}))
        assert (error.value.code, error.value.is_final) == ("ERROR_FROM_TARGET", False)

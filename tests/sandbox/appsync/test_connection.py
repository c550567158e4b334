import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from time import monotonic
from typing import Any

import aiohttp
import pytest

from sandbox.appsync import connection
from sandbox.ports import Ports
from tests.sandbox.appsync.live import COMMENT, EVENT, Live, live, role_name, sign
from tests.sandbox.appsync.regional import HOST, REGION
from tests.sandbox.embedded import ports, runner

__all__ = ["ports", "runner"]

CREATED = "subscription { created { id name } }"
FULL = {"id": "1", "name": "one", "when": "now", "draft": True, "secret": "s"}


@pytest.fixture(scope="module")
def api(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    deployed = live(ports, tmp_path_factory.mktemp("live"))
    yield runner.run(deployed.__aenter__())
    runner.run(deployed.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def role(runner: asyncio.Runner, api: Live) -> str:
    return runner.run(api.publisher(role_name()))


def data(payload: Any, id_: str = "test") -> Any:
    return {"id": id_, "type": "data", "payload": payload}


def error(type_: str, message: str, id_: str | None = "test") -> Any:
    answer = {"type": "error", "payload": {"errors": [{"errorType": type_, "message": message}]}}
    return answer if id_ is None else {"id": id_, **answer}


def test_a_subscriber_is_told_of_a_mutation_message_by_message(runner: asyncio.Runner, api: Live, role: str) -> None:
    async def story(*, by_protocol: bool) -> None:
        async with api.client(by_protocol=by_protocol) as client:
            assert client.socket.protocol == "graphql-ws"
            await client.send(type="connection_init")
            assert await client.receive() == {
                "type": "connection_ack",
                "payload": {"connectionTimeoutMs": 300_000},
            }
            assert await client.receive() == {"type": "ka"}
            started = await client.start('subscription { comments(eventId: "Ireland") { content } }')
            assert started == {"id": "test", "type": "start_ack"}
            await api.publish(role, COMMENT, eventId="Sydney", content="not this one")
            await api.publish(role, COMMENT, eventId="Ireland", content="test-comment")
            text = await client.socket.receive_str(timeout=5)
            assert text == '{"id":"test","type":"data","payload":{"data":{"comments":{"content":"test-comment"}}}}'
            await client.send(type="stop", id="test")
            assert await client.receive() == {"id": "test", "type": "complete"}
            await api.publish(role, COMMENT, eventId="Ireland", content="too late")
            await client.send(type="stop", id="test")
            assert await client.receive() == error("UnknownOperationError", "Unknown operation id test")

    runner.run(story(by_protocol=False))
    runner.run(story(by_protocol=True))


@pytest.mark.parametrize(
    ("protocols", "query", "status"),
    [
        (["graphql-ws"], {"header": {"host": HOST, "Authorization": "wrong"}}, 401),
        (["graphql-ws"], {"header": {"host": HOST}}, 401),
        (["graphql-ws"], {"header": {"Authorization": "right"}}, 400),
        (["graphql-ws"], {}, 400),
        (["graphql-transport-ws"], {"header": {"host": HOST, "Authorization": "right"}}, 400),
    ],
)
def test_who_may_not_use_the_api_gets_no_websocket(
    protocols: list[str], query: dict[str, Any], status: int, runner: asyncio.Runner, api: Live
) -> None:
    async def story() -> None:
        encoded = {name: base64.b64encode(json.dumps(value).encode()).decode() for name, value in query.items()}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with api.there.websocket(protocols, {**encoded, "payload": "e30="}):
                pass
        assert refused.value.status == status

    runner.run(story())


def test_each_start_is_authorized_again(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        unauthorized = error("UnauthorizedException", "You are not authorized to make this call.")
        async with api.client("connects only") as client:
            assert await client.start(CREATED, token="connects only") == unauthorized
            assert await client.start(CREATED, token="wrong") == unauthorized
            closed = error("Unauthorized", "Not Authorized to access created on type Subscription")
            assert await client.start(CREATED, token="limited") == closed
            closed = error("Unauthorized", "Not Authorized to access audit on type Subscription")
            assert await client.start("subscription { audit { id } }") == closed
            assert await client.start(CREATED) == {"id": "test", "type": "start_ack"}, "by another token"

    runner.run(story())


def test_what_is_no_valid_subscription_is_refused_by_its_id(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        async with api.client() as client:
            answer = await client.start("subscription { created { nothing } }")
            assert (answer["id"], answer["type"]) == ("test", "error")
            assert answer["payload"]["errors"][0]["message"] == (
                "Validation error: Cannot query field 'nothing' on type 'Event'."
            )
            answer = await client.start('subscription { created { id } comments(eventId: "1") { content } }')
            assert "must select only one top level field" in answer["payload"]["errors"][0]["message"]
            answer = await client.start("subscription S($e: String!) { comments(eventId: $e) { content } }")
            assert "Variable '$e' of required type 'String!'" in answer["payload"]["errors"][0]["message"]
            answer = await client.start("query { getEvent { id } }")
            assert answer == error("UnsupportedOperation", "query not supported through the realtime channel")
            answer = await client.start("subscription {")
            assert answer == error("MalformedHttpRequestException", "Unable to parse GraphQL query.")
            for message in ({"type": "subscribe", "id": "1"}, {"type": "start", "id": "1", "payload": {"data": "{}"}}):
                await client.send(**message)
                assert await client.receive() == error(
                    "UnsupportedOperation", "unknown not supported through the realtime channel", None
                )
            await client.socket.send_str("{")
            assert (await client.receive())["type"] == "error"
            assert await client.start(CREATED) == {"id": "test", "type": "start_ack"}
            assert await client.start(CREATED) == error("DuplicatedOperationError", "The id test is in use.")

    runner.run(story())


def test_a_connection_has_a_hundred_subscriptions(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        async with api.client() as client:
            payload = {
                "data": json.dumps({"query": CREATED}),
                "extensions": {"authorization": {"Authorization": "right", "host": HOST}},
            }
            for number in range(101):
                await client.send(type="start", id=str(number), payload=payload)
            answers = [await client.receive() for _ in range(101)]
            assert sum(answer["type"] == "start_ack" for answer in answers) == 100
            full = error("MaxSubscriptionsReachedError", "Max number of 100 subscriptions reached", "100")
            assert full in answers
            await client.send(type="stop", id="7")
            assert await client.receive() == {"id": "7", "type": "complete"}
            assert await client.start(CREATED, id_="100") == {"id": "100", "type": "start_ack"}

    runner.run(story())


def test_payloads_hold_what_the_mutation_selected_and_the_caller_may_have(
    runner: asyncio.Runner, api: Live, role: str
) -> None:
    async def story() -> None:
        wanted = "subscription { created { __typename a: id name secret } }"
        async with api.subscriber(wanted) as client:
            await api.publish(role, EVENT, **FULL)
            received = await client.receive()
            assert received["payload"]["data"] == {
                "created": {"__typename": "Event", "a": "1", "name": "one", "secret": None}
            }
            assert received["payload"]["errors"][0]["message"] == "Not Authorized to access secret on type Event"
            less = "mutation P($item: AWSJSON!) { publishEventCreated(item: $item) { id } }"
            await api.publish(role, less, **FULL)
            assert (await client.receive())["payload"]["data"]["created"]["name"] is None
        async with api.subscriber("subscription { created { id when } }") as client:
            await api.publish(role, less, **FULL)
            message = "Cannot return null for non-nullable type: 'String' within parent 'Event' (/created/when)"
            errors = [{"path": ["created", "when"], "locations": None, "message": message}]
            assert await client.receive() == data({"data": {"created": None}, "errors": errors})

    runner.run(story())


def test_given_arguments_filter_and_omitted_ones_do_not(runner: asyncio.Runner, api: Live, role: str) -> None:
    async def story() -> None:
        query = "subscription S($id: ID, $draft: Boolean) { created(id: $id, draft: $draft) { id } }"
        cases: list[tuple[dict[str, Any], str]] = [
            ({}, "123"),
            ({"id": "1"}, "1"),
            ({"draft": True}, "12"),
            ({"draft": None}, "3"),
            ({"id": "2", "draft": True}, "2"),
            ({"id": "2", "draft": False}, ""),
        ]
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(api.subscriber(query, **given)) for given, _ in cases]
            for id_, more in (("1", {"draft": True}), ("2", {"draft": True}), ("3", {}), ("end", {})):
                await api.publish(role, EVENT, **{"when": "now", "id": id_, **more})
            for client, (given, expected) in zip(clients, cases, strict=True):
                heard = [(await client.receive())["payload"]["data"]["created"]["id"] for _ in expected]
                assert "".join(heard) == expected, given

    runner.run(story())


def test_a_client_that_does_not_read_is_cut_off_and_holds_nobody_up(
    runner: asyncio.Runner, api: Live, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_MOST_WAITING", 1_000_000)

    async def story() -> None:
        async with api.subscriber(CREATED) as slow, api.subscriber(CREATED) as quick:
            slow.socket._response.connection.protocol.pause_reading()  # type: ignore[union-attr]
            begun = monotonic()
            name = "x" * 200_000
            heard = 0
            for _ in range(60):
                await api.publish(role, EVENT, **{**FULL, "name": name})
                assert len((await quick.receive())["payload"]["data"]["created"]["name"]) == len(name)
                heard += 1
            assert heard == 60
            assert monotonic() - begun < 10
            slow.socket._response.connection.protocol.resume_reading()  # type: ignore[union-attr]
            received = 0
            while (await slow.socket.receive(timeout=5)).type is aiohttp.WSMsgType.TEXT:
                received += 1
            assert received < 60

    runner.run(story())


def test_a_message_over_the_quota_is_not_delivered(runner: asyncio.Runner, api: Live, role: str) -> None:
    async def story() -> None:
        async with api.subscriber(CREATED) as client:
            await api.publish(role, EVENT, **{**FULL, "name": "x" * 250_000})
            await api.publish(role, EVENT, **FULL)
            assert (await client.receive())["payload"]["data"]["created"]["name"] == "one"
            await client.socket.send_str("x" * 250_000)
            closed = await client.socket.receive(timeout=5)
            assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.MESSAGE_TOO_BIG)

    runner.run(story())


def test_many_subscribers_hear_everything_in_order(runner: asyncio.Runner, api: Live, role: str) -> None:
    async def story() -> None:
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(api.subscriber(CREATED)) for _ in range(20)]
            for number in range(50):
                await api.publish(role, EVENT, **{**FULL, "id": str(number)})
            for client in clients:
                heard = [(await client.receive())["payload"]["data"]["created"]["id"] for _ in range(50)]
                assert heard == [str(number) for number in range(50)]

    runner.run(story())


def test_a_role_subscribes_with_signatures(runner: asyncio.Runner, api: Live, role: str) -> None:
    async def story() -> None:
        field = f"arn:aws:appsync:{REGION}:000000000000:apis/{api.there.api_id}/types/Subscription/fields/audit"
        own = await api.role(role_name(), {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": field})

        def signed(path: str, body: str) -> dict[str, str]:
            return {"host": HOST, **sign(api.roles, own, f"https://{HOST}{path}", body.encode())}

        header = base64.b64encode(json.dumps(signed("/graphql/connect", "{}")).encode()).decode()
        async with api.there.websocket(["graphql-ws"], {"header": header, "payload": "e30="}) as socket:
            for query, outcome in ((CREATED, "error"), ("subscription { audit { id secret } }", "start_ack")):
                body = json.dumps({"query": query})
                payload = {"data": body, "extensions": {"authorization": signed("/graphql", body)}}
                await socket.send_json({"id": "test", "type": "start", "payload": payload})
                assert (await socket.receive_json(timeout=5))["type"] == outcome
            payload["data"] = json.dumps({"query": CREATED})
            await socket.send_json({"id": "forged", "type": "start", "payload": payload})
            forged = await socket.receive_json(timeout=5)
            assert forged["payload"]["errors"][0]["errorType"] == "InvalidSignatureException"
            await api.publish(role, EVENT, **FULL)
            assert await socket.receive_json(timeout=5) == data({"data": {"audit": {"id": "1", "secret": "s"}}})

    runner.run(story())


def test_an_id_may_be_used_again_as_soon_as_it_is_stopped(runner: asyncio.Runner, api: Live, role: str) -> None:
    async def story() -> None:
        async with api.client() as client:
            payload = {
                "data": json.dumps({"query": CREATED}),
                "extensions": {"authorization": {"Authorization": "right", "host": HOST}},
            }
            for _ in range(10):
                await client.send(type="start", id="test", payload=payload)
                await client.send(type="stop", id="test")
            await client.send(type="start", id="last", payload=payload)
            answers: list[Any] = []
            while {"id": "last", "type": "start_ack"} not in answers:
                answers.append(await client.receive())
            assert sum(answer["type"] == "complete" for answer in answers) == 10
            assert not [answer for answer in answers if answer["type"] == "error"]
            await api.publish(role, EVENT, **FULL)
            assert (await client.receive())["id"] == "last", "nothing of the others is left"

    runner.run(story())

"""The subscription test of the published design, message by message, and what it leaves out."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.subscriber import Subscriber, audience, browser, until

pytestmark = pytest.mark.end_to_end

COMMENTS = 'subscription { subscribeToEventComments(eventId:"Ireland"){content}}'
COMMENT = """mutation {
  commentOnEvent(content: "test-comment", createdAt: "2000-01-01", eventId: "Ireland") {
    commentId eventId createdAt content
  }
}"""
CREATED = "subscription { subscribeToEventCreated { id name when where description } }"


@pytest.fixture(scope="module")
def token(checkout: Checkout) -> str:
    with checkout.edited("components/regional_api.py", "_AUTHORIZER_RESULT_TTL = 60", "_AUTHORIZER_RESULT_TTL = 1"):
        checkout.done("up")  # else a revoked token would have to be waited for
    return checkout.done("token").strip()


def ask(checkout: Checkout, url: str, query: str, token: str) -> dict[str, Any]:
    status, body = checkout.curl(f"{url}/graphql", query, token)
    assert status == 200, body
    return dict(json.loads(body))


def test_a_comment_made_in_ireland_reaches_london_and_melbourne(checkout: Checkout, token: str):
    async def scenario() -> list[str]:
        async with browser(checkout) as session:
            london, melbourne = [
                await Subscriber.connect(session, checkout, city, token) for city in ("London", "Melbourne")
            ]
            for subscriber in (london, melbourne):
                assert subscriber.socket.protocol == "graphql-ws"
                assert await subscriber.start("test", COMMENTS) == {"id": "test", "type": "start_ack"}
            ireland = checkout.connections["regions"]["ireland"]
            answer = await asyncio.to_thread(ask, checkout, ireland, COMMENT, token)
            assert answer["data"]["commentOnEvent"]["content"] == "test-comment"
            return [json.dumps(await subscriber.next(), separators=(",", ":")) for subscriber in (london, melbourne)]

    data = '{"id":"test","type":"data","payload":{"data":{"subscribeToEventComments":{"content":"test-comment"}}}}'
    assert asyncio.run(scenario()) == [data, data]


def test_comments_on_other_events_do_not_reach_a_subscriber(checkout: Checkout, token: str):
    async def scenario() -> list[dict[str, Any]]:
        async with audience(checkout, token, ["London"], {"test": COMMENTS}) as [london]:
            for event in ("Elsewhere", "Ireland"):
                query = COMMENT.replace('"Ireland"', f'"{event}"')
                await asyncio.to_thread(ask, checkout, checkout.connections["edges"]["Melbourne"], query, token)
            await until(lambda: london.received, "the comment on Ireland")
            return london.received

    assert len(asyncio.run(scenario())) == 1


def test_a_wrong_token_gets_no_connection(checkout: Checkout, token: str):
    async def scenario() -> int:
        async with browser(checkout) as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await Subscriber.connect(session, checkout, "London", "custom-authorized")
            return refused.value.status

    assert asyncio.run(scenario()) == 401


@pytest.mark.parametrize("field", ["publishEventCreated", "publishComment"])
def test_a_client_cannot_publish_with_its_token(checkout: Checkout, token: str, field: str):
    forged = f'mutation {{ {field}(item: "{{}}") {{ __typename }} }}'

    answer = ask(checkout, checkout.connections["edges"]["London"], forged, token)

    assert answer["data"] == {field: None}
    assert answer["errors"][0]["errorType"] == "Unauthorized"
    assert f"Not Authorized to access {field} on type Mutation" in answer["errors"][0]["message"]


def test_an_event_on_the_bus_of_one_region_reaches_the_subscribers_of_all_once(checkout: Checkout, token: str):
    detail = {"name": "Opening", "when": "soon", "where": "Sydney", "description": "from the bus"}
    entry = {
        "EventBusName": checkout.json("status")["eventBuses"]["sydney"],
        "Source": "com.example.tickets",
        "DetailType": "Event announced",
        "Detail": json.dumps(detail),
    }

    async def scenario() -> list[list[dict[str, Any]]]:
        async with audience(checkout, token, ["London", "Melbourne"], {"created": CREATED}) as subscribers:
            events = checkout.aws("events", "ap-southeast-2")
            assert (await asyncio.to_thread(events.put_events, Entries=[entry]))["FailedEntryCount"] == 0
            await until(lambda: all(each.received for each in subscribers), "the event in both places")
            await asyncio.sleep(1)  # a second notice would have come by now
            return [each.received for each in subscribers]

    london, melbourne = asyncio.run(scenario())
    assert london == melbourne
    [message] = london
    event = message["payload"]["data"]["subscribeToEventCreated"]
    assert {name: event[name] for name in detail} == detail
    for region in ("eu-west-1", "ap-southeast-2"):
        table = checkout.json("status")["tables"]["events"]
        item = checkout.aws("dynamodb", region).get_item(TableName=table, Key={"id": {"S": event["id"]}})["Item"]
        assert item["name"]["S"] == "Opening"


def test_verify_shows_the_replication_lag_as_a_number(checkout: Checkout, token: str):
    verified = checkout.json("verify")

    assert verified["ok"], verified
    assert {(way["from"], way["to"]) for way in verified["replication"]} == {
        ("ireland", "sydney"),
        ("sydney", "ireland"),
    }
    assert all(0 < way["typicalSeconds"] <= way["worstSeconds"] for way in verified["replication"])


def test_a_subscriber_whose_token_was_revoked_is_cut_off_at_reconnect(checkout: Checkout, token: str):
    secret = checkout.json("status")["tokenSecret"]
    renewed = "renewed-" + token[8:]

    async def scenario() -> None:
        async with browser(checkout) as session:

            async def handshake(token: str) -> int:
                try:
                    await (await Subscriber.connect(session, checkout, "London", token)).socket.close()
                except aiohttp.WSServerHandshakeError as refused:
                    return refused.status
                return 101

            async def becomes(token: str, status: int, seconds: float) -> None:
                async with asyncio.timeout(seconds):
                    while await handshake(token) != status:  # noqa: ASYNC110 - nothing tells of it but the next one
                        await asyncio.sleep(0.5)

            assert await handshake(token) == 101
            checkout.aws("secretsmanager", secret["region"]).put_secret_value(
                SecretId=secret["name"], SecretString=renewed
            )
            await becomes(renewed, 101, 30)  # a refusal counts for some seconds
            await becomes(token, 401, 90)  # an authorizer believes for a minute what it has read

    asyncio.run(scenario())

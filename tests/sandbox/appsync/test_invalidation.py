import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from sandbox.appsync.errors import FieldError
from sandbox.appsync.invalidation import Invalidation, read_filter, read_invalidation
from sandbox.ports import Ports
from tests.sandbox.appsync.live import COMMENT, EVENT, Client, Live, live, role_name
from tests.sandbox.embedded import ports, runner

__all__ = ["ports", "runner"]

CREATED = "subscription { created { id } }"
COMMENTS = "subscription C($id: String!) { comments(eventId: $id) { content } }"
MOVE = "mutation M($field: String!) { move(subscription: $field) }"
MOVE_MANY = "mutation M($fields: [String!]!) { moveMany(subscriptions: $fields) }"
COMPLETE = {"id": "test", "type": "complete", "payload": {"message": "Subscription complete."}}


@pytest.fixture(scope="module")
def api(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    deployed = live(ports, tmp_path_factory.mktemp("live"))
    yield runner.run(deployed.__aenter__())
    runner.run(deployed.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def role(runner: asyncio.Runner, api: Live) -> str:
    return runner.run(api.publisher(role_name()))


def met(operator: str, value: Any, found: Any) -> bool:
    group = {"filters": [{"fieldName": "f", "operator": operator, "value": value}]}
    return read_filter({"filterGroup": [group]}).meets({"f": found})


@pytest.mark.parametrize(
    ("operator", "value", "meeting", "others"),
    [
        ("eq", "a", ["a"], ["b", 1, None, ["a"]]),
        ("eq", 1, [1, 1.0], [2, True, "1"]),
        ("eq", True, [True], [False, 1]),
        ("ne", "a", ["b"], ["a", 1, None]),
        ("le", 2, [1, 2], [3, "1", True]),
        ("lt", "b", ["a"], ["b", 1]),
        ("ge", 2, [2, 3], [1]),
        ("gt", 2, [3], [2]),
        ("contains", "b", ["abc", ["b"]], ["a", ["abc"], 1]),
        ("contains", 1, [[1, 2]], [[2], "1", 1]),
        ("notContains", "b", ["a", ["abc"]], ["abc", ["b"], 1]),
        ("beginsWith", "a", ["ab"], ["ba", 1]),
        ("in", ["a", 1], ["a", 1], ["b", True, ["a"]]),
        ("notIn", ["a", 1], ["b", 2], ["a", 1, True, ["b"]]),
        ("between", [1, 3], [1, 2, 3], [0, 4, "2"]),
        ("containsAny", ["a", "b"], [["b", "c"]], [["c"], "a"]),
    ],
)
def test_a_condition_is_met_by_what_its_operator_says(
    operator: str, value: Any, meeting: list[Any], others: list[Any]
) -> None:
    assert [met(operator, value, found) for found in meeting] == [True] * len(meeting)
    assert [met(operator, value, found) for found in others] == [False] * len(others)


def test_a_filter_is_met_by_all_conditions_of_any_group() -> None:
    def group(**wanted: Any) -> Any:
        return {"filters": [{"fieldName": field, "operator": "eq", "value": each} for field, each in wanted.items()]}

    filter_ = read_filter({"filterGroup": [group(a=1, b=2), group(c=3)]})
    assert filter_.meets({"a": 1, "b": 2})
    assert filter_.meets({"a": 0, "c": 3})
    assert not filter_.meets({"a": 1, "b": 0})
    assert not filter_.meets({})


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"fieldName": "f", "operator": "like", "value": "a"}, "and no like"),
        ({"fieldName": "f", "operator": "in", "value": [1, 2, 3, 4, 5, 6]}, "no such value of in"),
        ({"fieldName": "f", "operator": "eq", "value": None}, "no such value of eq"),
        ({"fieldName": "f", "operator": "between", "value": [1]}, "no such value of between"),
        ({"fieldName": "f", "operator": "eq"}, "{fieldName, operator, value}"),
        ({"fieldName": "f.g", "operator": "eq", "value": 1}, "does not emulate invalidation by a nested field, f.g"),
    ],
)
def test_a_condition_that_is_none_is_refused(condition: Any, says: str) -> None:
    with pytest.raises(FieldError) as refused:
        read_filter({"filterGroup": [{"filters": [condition]}]})
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "asked", [None, {}, {"filterGroup": []}, {"filterGroup": [{}]}, {"filterGroup": [], "more": 1}]
)
def test_a_filter_that_is_none_is_refused(asked: Any) -> None:
    with pytest.raises(FieldError, match="setSubscriptionInvalidationFilter takes"):
        read_filter(asked)


def test_an_invalidation_names_one_field_and_a_payload() -> None:
    assert read_invalidation({"subscriptionField": "a", "payload": {"b": 1}}) == Invalidation("a", {"b": 1})
    with pytest.raises(FieldError, match="invalidateSubscriptions takes"):
        read_invalidation({"subscriptionField": ["a"], "payload": {}})


async def closed(client: Client) -> int:
    message = await client.socket.receive(timeout=5)
    assert message.type is aiohttp.WSMsgType.CLOSE
    return int(message.data)


def test_subscribers_of_the_field_are_moved_after_all_that_they_were_told(
    runner: asyncio.Runner, api: Live, role: str
) -> None:
    async def story() -> None:
        async with (
            api.subscriber(CREATED) as one,
            api.subscriber(CREATED) as other,
            api.subscriber(COMMENTS, id="1") as elsewhere,
        ):
            await api.publish(role, EVENT, id="1", when="now")
            assert (await api.signed(role, MOVE, field="created")).json == {"data": {"move": True}}
            for client in (one, other):
                assert (await client.receive())["payload"] == {"data": {"created": {"id": "1"}}}
                assert await client.receive() == COMPLETE
                assert await closed(client) == aiohttp.WSCloseCode.OK
            await api.publish(role, COMMENT, eventId="1", content="still here")
            assert (await elsewhere.receive())["payload"] == {"data": {"comments": {"content": "still here"}}}
        async with api.subscriber(CREATED) as again:
            await api.publish(role, EVENT, id="2", when="now")
            assert (await again.receive())["payload"] == {"data": {"created": {"id": "2"}}}

    runner.run(story())


def test_a_moved_subscription_takes_the_others_of_its_connection_with_it(
    runner: asyncio.Runner, api: Live, role: str
) -> None:
    async def story() -> None:
        async with api.subscriber(CREATED) as client:
            await client.start(COMMENTS, id_="second", variables={"id": "1"})
            await api.signed(role, MOVE, field="comments")
            assert await client.receive() == {**COMPLETE, "id": "second"}
            assert await closed(client) == aiohttp.WSCloseCode.OK

    runner.run(story())


def test_clients_cannot_move_anybody(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        async with api.subscriber(CREATED) as client:
            answer = (await api.there.post('mutation { move(subscription: "created") }')).json
            assert answer["errors"][0]["message"] == "Not Authorized to access move on type Mutation"
            await client.send(type="stop", id="test")
            assert await client.receive() == {"id": "test", "type": "complete"}

    runner.run(story())


def test_a_payload_that_the_filter_does_not_meet_moves_nobody(runner: asyncio.Runner, api: Live, role: str) -> None:
    async def story() -> None:
        async with api.subscriber(CREATED) as client:
            assert (await api.signed(role, MOVE_MANY, fields=["created"])).json == {"data": {"moveMany": True}}
            await client.send(type="connection_init")
            assert (await client.receive())["type"] == "connection_ack"

    runner.run(story())


def test_a_request_invalidates_at_most_five_times_each_counted_once(
    runner: asyncio.Runner, api: Live, role: str
) -> None:
    async def story() -> None:
        five = await api.signed(role, MOVE_MANY, fields=["created"] * 5)
        assert five.json == {"data": {"moveMany": True}}
        six = await api.signed(role, MOVE_MANY, fields=["created"] * 6)
        assert "at most 5 times" in six.json["errors"][0]["message"]

    runner.run(story())


def test_a_field_that_is_no_subscription_is_refused(runner: asyncio.Runner, api: Live, role: str) -> None:
    async def story() -> None:
        answer = await api.signed(role, MOVE, field="createt")
        assert "names no subscription: createt" in answer.json["errors"][0]["message"]

    runner.run(story())

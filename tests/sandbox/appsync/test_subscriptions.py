import json
from collections.abc import Mapping
from typing import Any

import pytest

from sandbox.appsync.plan import Plan
from sandbox.appsync.subscriptions import Registry, Subscription
from tests.sandbox.appsync.planned import HERE, planned


def never() -> None:
    raise AssertionError


def test_subscribers_are_told_in_order_and_no_longer_than_they_want() -> None:
    registry = Registry()
    heard: list[tuple[str, Any]] = []

    def subscribe(name: str, query: str, **variables: Any) -> Subscription:
        subscription = Subscription(
            HERE, planned(query, **variables), lambda text: heard.append((name, json.loads(text))), never
        )
        registry.add(subscription)
        return subscription

    query = "subscription S($id: ID) { changed(id: $id, city: null) { id } }"
    first, second = subscribe("first", query), subscribe("second", query, id="2")
    for id_ in ("1", "2"):
        registry.publish(HERE, "publish", {"id": id_})
    registry.publish(("ap-southeast-2", "a1"), "publish", {"id": "2"})
    registry.publish(HERE, "unrelated", {"id": "2"})
    registry.remove(first)
    registry.publish(HERE, "other", {"id": "2"})
    registry.remove(second)
    registry.publish(HERE, "other", {"id": "2"})
    told = [(name, payload["data"]["changed"]["id"]) for name, payload in heard]
    assert told == [("first", "1"), ("first", "2"), ("second", "2"), ("second", "2")]


def test_a_payload_is_made_once_for_all_who_get_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry()
    heard: list[str] = []
    query = "subscription S($size: Int) { changed(size: $size, city: null) { id } }"
    for denied in ((), (), ("Event.id",)):
        registry.add(Subscription(HERE, planned(query, denied=denied), heard.append, never))
    made = []
    original = Plan.payload

    def payload(self: Plan, result: Mapping[str, Any]) -> dict[str, Any]:
        made.append(self)
        return original(self, result)

    monkeypatch.setattr(Plan, "payload", payload)
    registry.publish(HERE, "publish", {"id": "1"})
    assert len(made) == 2
    assert [json.loads(text)["data"]["changed"] for text in heard] == [{"id": "1"}, {"id": "1"}, None]


def test_what_utf_8_does_not_have_reaches_subscribers_as_a_question_mark() -> None:
    registry = Registry()
    heard: list[str] = []
    registry.add(Subscription(HERE, planned("subscription { changed(city: null) { name } }"), heard.append, never))
    registry.publish(HERE, "publish", {"name": "Z\u00fcrich \ud800"})
    assert heard == ['{"data":{"changed":{"name":"Z\u00fcrich ?"}}}']

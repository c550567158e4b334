import json
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import build_schema, execute_sync, parse
from hypothesis import given
from hypothesis import strategies as st

from sandbox.appsync.api import Api, Resolver
from sandbox.appsync.directives import audiences
from sandbox.appsync.documents import Documents
from sandbox.appsync.request import Caller, Request
from sandbox.appsync.schema import build
from sandbox.appsync.subscriptions import Plan, RefusedSubscriptionError, Registry, Subscription, plan

TYPES = """
type Event {
  id: ID!, name: String, size: Int, open: Boolean, place: Place, tags: [Tag!], places: [Place]!, owner: Owner
}
type Place { city: String!, street: String }
type Tag { text: String! }
type Person { name: String }
type Team { name: String!, size: Int }
union Owner = Person | Team
"""
SDL = (
    TYPES
    + """
type Query { a: ID }
type Mutation { publish: Event, other: Event }
type Subscription {
  changed(id: ID, name: String, size: Int, open: Boolean, city: String = "Dublin"): Event
    @aws_subscribe(mutations: ["publish", "other"])
  resolved: Event @aws_subscribe(mutations: ["publish"])
  never: Event
}
"""
)
SCHEMA = build(SDL)
API = Api(
    id="a1",
    account="000000000000",
    region="eu-west-1",
    configuration={"arn": "arn:aws:appsync:eu-west-1:000000000000:apis/a1"},
    schema=SCHEMA,
    resolvers={("Subscription", "resolved"): Resolver("arn", "", "")},
    audiences=audiences(SCHEMA, "AWS_LAMBDA"),
    documents=Documents(SCHEMA, {}),
)
HERE = (API.region, API.id)


def planned(query: str, *, denied: tuple[str, ...] = (), **variables: Any) -> Plan:
    request = Request(query, variables, None, {}, None, "/graphql", b"")
    return plan(API, request, Caller("AWS_LAMBDA", {}, frozenset(denied)))


def errors(query: str, **more: Any) -> list[dict[str, Any]]:
    with pytest.raises(RefusedSubscriptionError) as refused:
        planned(query, **more)
    return refused.value.errors


def test_a_plan_follows_the_mutations_that_the_schema_names() -> None:
    assert planned("subscription { changed { id } }").mutations == ("publish", "other")
    assert planned("subscription { never { id } }").mutations == ()


def test_only_arguments_that_are_given_filter() -> None:
    query = """
    subscription S($id: ID, $n: String, $s: Int, $o: Boolean) {
      changed(id: $id, name: $n, size: $s, open: $o, city: null) { id }
    }
    """
    assert planned(query).arguments == {"city": None}
    assert planned("subscription { changed { id } }").arguments == {"city": "Dublin"}, (
        "a default is given by the schema"
    )
    both = planned(query, id=7, n=None)
    assert both.arguments == {"id": "7", "name": None, "city": None}
    assert both.wants({"id": "7"})
    assert both.wants({"id": "7", "name": None, "size": 3})
    assert not both.wants({"id": "7", "name": "x"})
    assert not both.wants({"id": "8"})
    assert not both.wants({"name": None})
    assert not planned(query, o=True).wants({"open": 1})
    assert planned(query, s=1).wants({"size": 1})


def test_fields_that_the_mutation_did_not_select_are_null() -> None:
    payload = planned("subscription { e: changed { i: id name place { street } } }").payload({"id": "1", "place": None})
    assert payload == {"data": {"e": {"i": "1", "name": None, "place": None}}}


def test_each_missing_value_of_a_non_null_type_is_an_error_and_empties_what_holds_it() -> None:
    query = "subscription { changed { id name place { city street } tags { text } places { city } } }"
    payload = planned(query).payload(
        {"name": "n", "place": {"street": "s"}, "tags": [{}], "places": [{}, {"city": "c"}]}
    )
    assert payload["data"] == {"changed": None}
    assert [(error["path"], error["message"]) for error in payload["errors"]] == [
        (["changed", "id"], "Cannot return null for non-nullable type: 'ID' within parent 'Event' (/changed/id)"),
        (
            ["changed", "place", "city"],
            "Cannot return null for non-nullable type: 'String' within parent 'Place' (/changed/place/city)",
        ),
        (
            ["changed", "tags", 0, "text"],
            "Cannot return null for non-nullable type: 'String' within parent 'Tag' (/changed/tags/0/text)",
        ),
        (
            ["changed", "places", 0, "city"],
            "Cannot return null for non-nullable type: 'String' within parent 'Place' (/changed/places/0/city)",
        ),
    ]


def test_fields_that_are_closed_to_the_subscriber_stay_closed() -> None:
    query = "subscription { changed { id name place { city } } }"
    payload = planned(query, denied=("Event.name", "Place.city")).payload(
        {"id": "1", "name": "n", "place": {"city": "c"}}
    )
    assert payload["data"] == {"changed": {"id": "1", "name": None, "place": None}}
    assert [error["message"] for error in payload["errors"]] == [
        "Not Authorized to access name on type Event",
        "Not Authorized to access city on type Place",
    ]


def test_fragments_directives_and_open_types_are_followed() -> None:
    query = """
    subscription S($no: Boolean!) {
      changed { ...F name @include(if: $no) owner { __typename ... on Team { size } ... on Person { n: name } } }
    }
    fragment F on Event { __typename place { city } place { street } }
    """
    compiled = planned(query, no=False)
    result = {"name": "n", "place": {"city": "c"}, "owner": {"__typename": "Team", "size": 3}}
    assert compiled.payload(result)["data"]["changed"] == {
        "__typename": "Event",
        "place": {"city": "c", "street": None},
        "owner": {"__typename": "Team", "size": 3},
    }
    assert compiled.payload({"owner": {"__typename": "Person", "name": "p"}})["data"]["changed"]["owner"]["n"] == "p"


def test_what_cannot_start_says_why() -> None:
    assert errors("{ a }") == [
        {"errorType": "UnsupportedOperation", "message": "query not supported through the realtime channel"}
    ]
    assert "does not emulate resolvers" in errors("subscription { resolved { id } }")[0]["message"]
    assert errors("subscription { changed { id } }", denied=("Subscription.changed",)) == [
        {"errorType": "Unauthorized", "message": "Not Authorized to access changed on type Subscription"}
    ]
    assert "Validation error" in errors("subscription { changed { id } never { id } }")[0]["message"]
    assert "got invalid value" in errors("subscription S($s: Int) { changed(size: $s) { id } }", s="x")[0]["message"]
    assert errors("subscription S($no: Boolean!) { changed @include(if: $no) { id } }", no=False)


EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.none() | st.text(),
        "name": st.none() | st.text(),
        "place": st.none() | st.fixed_dictionaries({}, optional={"city": st.none() | st.text(), "street": st.text()}),
        "tags": st.none() | st.lists(st.fixed_dictionaries({}, optional={"text": st.none() | st.text()}), max_size=3),
        "places": st.none() | st.lists(st.none() | st.fixed_dictionaries({}, optional={"city": st.text()}), max_size=3),
    },
)
SELECTION = "{ a: id name place { city street } tags { text } ...on Event { places { city } } }"
ORACLE = build_schema(f"{TYPES} type Query {{ changed: Event }}")
PLANS = {
    n: planned(f"subscription {{ changed {text} }}") for n, text in enumerate((SELECTION, "{ name tags { text } }"))
}
QUERIES = {n: parse(f"{{ changed {text} }}") for n, text in enumerate((SELECTION, "{ name tags { text } }"))}


@given(EVENTS, st.sampled_from([0, 1]))
def test_the_data_is_what_a_graphql_engine_makes_of_the_result(result: dict[str, Any], which: int) -> None:
    expected = execute_sync(ORACLE, QUERIES[which], {"changed": result})
    payload = PLANS[which].payload(result)
    assert payload["data"] == expected.data
    assert ("errors" in payload) == bool(expected.errors)


def test_subscribers_are_told_in_order_and_no_longer_than_they_want() -> None:
    registry = Registry()
    heard: list[tuple[str, Any]] = []

    def subscribe(name: str, query: str, **variables: Any) -> Subscription:
        subscription = Subscription(
            HERE, planned(query, **variables), lambda text: heard.append((name, json.loads(text)))
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
        registry.add(Subscription(HERE, planned(query, denied=denied), heard.append))
    made = []
    original = Plan.payload

    def payload(self: Plan, result: Mapping[str, Any]) -> dict[str, Any]:
        made.append(self)
        return original(self, result)

    monkeypatch.setattr(Plan, "payload", payload)
    registry.publish(HERE, "publish", {"id": "1"})
    assert len(made) == 2
    assert [json.loads(text)["data"]["changed"] for text in heard] == [{"id": "1"}, {"id": "1"}, None]

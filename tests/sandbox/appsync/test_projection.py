from typing import Any

from graphql import build_schema, execute_sync, parse
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.appsync.planned import TYPES, planned


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

import uuid
from typing import Any

import pytest

from api.errors import InvalidArgumentError
from tests.api.conftest import Ask


def create(ask: Ask, name: str, **more: str) -> Any:
    return ask("Mutation.createEvent", **{"name": name, "when": "", "where": "", "description": "", **more})


def names(page: Any) -> list[str]:
    return sorted(item["name"] for item in page["items"])


def test_a_created_event_has_an_id_of_its_own_and_can_be_read(ask: Ask) -> None:
    event = create(ask, "Ireland", where="Dublin")

    assert uuid.UUID(event["id"])
    assert ask("Query.getEvent", id=event["id"]) == event
    assert event["where"] == "Dublin"


def test_two_events_of_one_name_are_two(ask: Ask) -> None:
    assert create(ask, "Ireland")["id"] != create(ask, "Ireland")["id"]
    assert names(ask("Query.listEvents")) == ["Ireland", "Ireland"]


def test_an_event_that_is_not_there_is_null(ask: Ask) -> None:
    assert ask("Query.getEvent", id="nowhere") is None
    assert ask("Mutation.deleteEvent", id="nowhere") is None


def test_an_empty_list_is_a_page_without_items(ask: Ask) -> None:
    assert ask("Query.listEvents") == {"items": [], "nextToken": None}


def test_pages_hold_every_event_once(ask: Ask) -> None:
    made = {create(ask, f"event {n}")["id"] for n in range(7)}

    found: list[str] = []
    token = None
    for _ in range(8):
        page = ask("Query.listEvents", limit=3, nextToken=token)
        assert len(page["items"]) <= 3
        found += [item["id"] for item in page["items"]]
        token = page["nextToken"]
        if token is None:
            break

    assert token is None
    assert sorted(found) == sorted(made)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (None, ["Cape Town", "Ireland", "Sydney"]),
        ({}, ["Cape Town", "Ireland", "Sydney"]),
        ({"name": None}, ["Cape Town", "Ireland", "Sydney"]),
        ({"name": {"eq": "Sydney"}}, ["Sydney"]),
        ({"name": {"ne": "Sydney", "eq": None}}, ["Cape Town", "Ireland"]),
        ({"name": {"lt": "Ireland"}}, ["Cape Town"]),
        ({"name": {"le": "Ireland"}}, ["Cape Town", "Ireland"]),
        ({"name": {"gt": "Ireland"}}, ["Sydney"]),
        ({"name": {"ge": "Ireland"}}, ["Ireland", "Sydney"]),
        ({"name": {"between": ["D", "J"]}}, ["Ireland"]),
        ({"name": {"beginsWith": "Cape"}}, ["Cape Town"]),
        ({"name": {"contains": "yd"}}, ["Sydney"]),
        ({"name": {"notContains": "yd"}}, ["Cape Town", "Ireland"]),
        ({"where": {"eq": "south"}, "name": {"gt": "D"}}, ["Sydney"]),
    ],
)
def test_a_filter_keeps_what_meets_all_its_conditions(ask: Ask, stated: Any, expected: list[str]) -> None:
    create(ask, "Ireland", where="north")
    create(ask, "Sydney", where="south")
    create(ask, "Cape Town", where="south")

    assert names(ask("Query.listEvents", filter=stated)) == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"limit": 0}, "limit is 0; it goes from 1 to 100"),
        ({"limit": 101}, "limit is 101"),
        ({"nextToken": "!!"}, "nextToken is none of those"),
        ({"nextToken": "bnVsbA=="}, "nextToken is none of those"),
        ({"nextToken": "eyJpZCI6IHsiUyI6ICJ4In19"}, "nextToken is none of those"),
        ({"filter": {"name": {"between": ["a"]}}}, "between takes two values"),
    ],
)
def test_an_argument_that_cannot_be_used_is_told_to_the_client(ask: Ask, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        ask("Query.listEvents", **arguments)


def test_a_deleted_event_is_returned_and_gone_with_its_comments_and_no_others(ask: Ask) -> None:
    event, other = create(ask, "Ireland"), create(ask, "Sydney")
    for each in (event, event, other):
        ask("Mutation.commentOnEvent", eventId=each["id"], content="x", createdAt="2000-01-01")

    assert ask("Mutation.deleteEvent", id=event["id"]) == event
    assert ask("Query.getEvent", id=event["id"]) is None
    assert ask("Event.comments", source=event)["items"] == []
    assert len(ask("Event.comments", source=other)["items"]) == 1


def test_an_update_changes_what_is_given_and_leaves_the_rest(ask: Ask) -> None:
    event = create(ask, "Ireland", where="Dublin", when="May")

    changed = ask("Mutation.updateEvent", id=event["id"], where="Cork", when="June")

    assert changed == {**event, "where": "Cork", "when": "June"}
    assert ask("Query.getEvent", id=event["id"]) == changed


def test_an_update_of_nothing_changes_nothing_and_null_empties_a_field(ask: Ask) -> None:
    event = create(ask, "Ireland", where="Dublin")

    assert ask("Mutation.updateEvent", id=event["id"]) == event
    assert ask("Mutation.updateEvent", id=event["id"], where=None)["where"] is None


def test_an_update_of_an_event_that_is_not_there_is_null_and_makes_none(ask: Ask) -> None:
    assert ask("Mutation.updateEvent", id="nowhere", name="x") is None
    assert ask("Mutation.updateEvent", id="nowhere") is None
    assert ask("Query.getEvent", id="nowhere") is None


def record(ask: Ask, name: str) -> Any:
    return ask("Mutation.recordEvent", id="announced", name=name, when="", where="", description="")


def test_an_event_that_is_delivered_twice_is_recorded_once(ask: Ask) -> None:
    assert record(ask, "Ireland") == record(ask, "Ireland")
    assert names(ask("Query.listEvents")) == ["Ireland"]


def test_a_late_delivery_does_not_undo_what_was_changed_since(ask: Ask) -> None:
    record(ask, "Ireland")
    changed = ask("Mutation.updateEvent", id="announced", name="Éire")

    assert record(ask, "Ireland") == changed
    assert ask("Query.getEvent", id="announced") == changed


def test_the_answering_region_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "ap-southeast-2")

    assert ask("Query.region") == "ap-southeast-2"

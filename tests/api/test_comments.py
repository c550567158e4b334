from typing import Any

from tests.api.conftest import Ask


def comment(ask: Ask, event_id: str, content: str) -> Any:
    return ask("Mutation.commentOnEvent", eventId=event_id, content=content, createdAt="2000-01-01")


def test_a_comment_is_returned_as_a_subscriber_will_get_it(ask: Ask) -> None:
    made = comment(ask, "Ireland", "test-comment")

    assert made.pop("commentId")
    assert made == {"eventId": "Ireland", "content": "test-comment", "createdAt": "2000-01-01"}


def test_comments_come_oldest_first_whatever_their_date_says(ask: Ask) -> None:
    for content in "cabd":
        comment(ask, "Ireland", content)

    items = ask("Event.comments", source={"id": "Ireland"})["items"]

    assert [item["commentId"] for item in items] == sorted(item["commentId"] for item in items)
    assert {item["content"] for item in items} == set("abcd")


def test_an_event_has_its_own_comments_alone(ask: Ask) -> None:
    comment(ask, "Ireland", "mine")
    comment(ask, "Sydney", "not mine")

    assert [item["content"] for item in ask("Event.comments", source={"id": "Ireland"})["items"]] == ["mine"]


def test_comments_are_read_a_page_at_a_time(ask: Ask) -> None:
    made = [comment(ask, "Ireland", str(n))["commentId"] for n in range(5)]

    first = ask("Event.comments", source={"id": "Ireland"}, limit=3)
    second = ask("Event.comments", source={"id": "Ireland"}, limit=3, nextToken=first["nextToken"])

    assert sorted(made) == [item["commentId"] for item in first["items"] + second["items"]]
    assert second["nextToken"] is None

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.appsync.errors import RefusedError
from sandbox.appsync.handshake import headers

GIVEN = {"host": "global-api.example.com", "Authorization": "custom-authorized"}
READ = {"host": "global-api.example.com", "authorization": "custom-authorized"}


def encoded(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


@given(st.dictionaries(st.sampled_from(["Authorization", "x-amz-date", "X"]), st.text()))
def test_both_ways_say_the_same(more: dict[str, str]) -> None:
    text = json.dumps({**GIVEN, **more}, ensure_ascii=False).encode()
    expected = {**READ, **{name.lower(): value for name, value in more.items()}}
    by_query = {"header": base64.b64encode(text).decode(), "payload": "e30="}
    assert headers(["graphql-ws"], by_query) == expected
    by_protocol = "header-" + base64.urlsafe_b64encode(text).decode().rstrip("=")
    assert headers(["graphql-ws", by_protocol], {}) == expected


def test_a_plus_that_a_query_string_lost_is_one_again() -> None:
    text = base64.b64encode(json.dumps({**GIVEN, "x": "???>>>~~~"}).encode()).decode()
    assert "+" in text or "/" in text
    assert headers(["graphql-ws"], {"header": text.replace("+", " "), "payload": "e30="})["x"] == "???>>>~~~"


@pytest.mark.parametrize(
    ("protocols", "query", "says"),
    [
        ([], {"header": encoded(GIVEN), "payload": "e30="}, "graphql-ws"),
        (["graphql-ws"], {"header": encoded(GIVEN)}, "the payload"),
        (["graphql-ws"], {"header": encoded(GIVEN), "payload": encoded({"a": 1})}, "empty object"),
        (["graphql-ws"], {"payload": "e30="}, "the header"),
        (["graphql-ws", "header-%"], {}, "not JSON in base64"),
        (["graphql-ws", "header-" + encoded([])], {}, "no JSON object of strings"),
        (["graphql-ws", "header-" + encoded({"host": 1})], {}, "no JSON object of strings"),
        (["graphql-ws", "header-" + encoded({"Authorization": "a"})], {}, "missing: host"),
    ],
)
def test_what_is_missing_or_unreadable_is_a_bad_request(protocols: list[str], query: dict[str, str], says: str) -> None:
    with pytest.raises(RefusedError, match=says) as refused:
        headers(protocols, query)
    assert refused.value.status == 400


@given(st.text())
def test_no_text_is_more_than_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        headers(["graphql-ws"], {"header": text, "payload": "e30="})

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloudfront.distribution import parse
from sandbox.cloudfront.function_event import ViewerRequest, changed_request, response_headers, viewer_request_event
from tests.sandbox.cloudfront.edge import config

DISTRIBUTION = parse("E1", "d1.cloudfront.net", config("arn:c", "arn:aws:lambda:us-east-1:1:function:f:1", "r"))
REQUEST = ViewerRequest(
    "POST",
    "/graphql?a=%20b&c&a=2",
    (
        ("Host", "global-api.example.test"),
        ("X-Twice", "1"),
        ("x-twice", "2"),
        ("accept", "text/html, text/plain"),
        ("Cookie", "home=ireland; flag"),
        ("cookie", "home=sydney"),
        ("Upgrade", "websocket"),
        ("X-Amz-Cf-Id", "forged"),
    ),
)


def event(request: ViewerRequest = REQUEST) -> dict[str, Any]:
    made = viewer_request_event(DISTRIBUTION, request, client_ip="203.0.113.9", request_id="id")
    return dict(made)


def after(**changes: Any) -> ViewerRequest:
    """The request after a function replaced these parts of the event's."""
    before = event()["request"]
    return changed_request(REQUEST, before, before | changes)


def test_the_event_is_that_of_a_viewer_request() -> None:
    assert event() == {
        "version": "1.0",
        "context": {
            "distributionDomainName": "d1.cloudfront.net",
            "distributionId": "E1",
            "eventType": "viewer-request",
            "requestId": "id",
        },
        "viewer": {"ip": "203.0.113.9"},
        "request": {
            "method": "POST",
            "uri": "/graphql",
            "querystring": {
                "a": {"value": "%20b", "multiValue": [{"value": "%20b"}, {"value": "2"}]},
                "c": {"value": ""},
            },
            "headers": {
                "host": {"value": "global-api.example.test"},
                "x-twice": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]},
                "accept": {"value": "text/html, text/plain"},
            },
            "cookies": {
                "home": {"value": "ireland", "multiValue": [{"value": "ireland"}, {"value": "sydney"}]},
                "flag": {"value": ""},
            },
        },
    }


def test_what_a_function_leaves_alone_goes_on_as_the_viewer_sent_it() -> None:
    assert after() == REQUEST


texts = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="=&;?#"), max_size=5)


@given(st.lists(st.tuples(texts.map("x{}".format), texts)), texts.map("/{}".format), texts)
def test_no_request_is_changed_by_a_function_that_changes_nothing(
    headers: list[tuple[str, str]], path: str, query: str
) -> None:
    for target in (path, f"{path}?", f"{path}?{query}&{query}=&"):
        request = ViewerRequest("GET", target, tuple(headers))
        before = event(request)["request"]
        assert changed_request(request, before, before) == request


def test_a_header_that_a_function_sets_takes_the_place_of_every_one_of_that_name() -> None:
    headers = event()["request"]["headers"] | {"x-twice": {"value": "3"}, "x-own-name": {"value": "4"}}
    changed = after(headers=headers).headers
    assert changed[-2:] == (("X-Twice", "3"), ("X-Own-Name", "4"))
    assert [name.lower() for name, _ in changed].count("x-twice") == 1


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ({"value": "1", "multiValue": [{"value": "1"}, {"value": "9"}]}, ["1", "9"]),
        ({"value": "ignored", "multiValue": [{"value": "8"}, {"value": "9"}]}, ["8", "9"]),
        ({"multiValue": [{"value": "8"}]}, ["8"]),
        ({"value": "7", "multiValue": [{"value": "1"}, {"value": "2"}]}, ["7", "2"]),
    ],
)
def test_a_changed_multivalue_goes_before_the_value(field: dict[str, Any], values: list[str]) -> None:
    headers = event()["request"]["headers"] | {"x-twice": field}
    assert [value for name, value in after(headers=headers).headers if name == "X-Twice"] == values


def test_a_header_that_a_function_deletes_is_gone_and_what_it_never_saw_stays() -> None:
    names = [name.lower() for name, _ in after(headers={}).headers]
    assert names == ["cookie", "cookie", "upgrade", "x-amz-cf-id"]


def test_changed_cookies_go_in_one_header_and_none_in_no_header() -> None:
    cookies = event()["request"]["cookies"] | {"new": {"value": "1"}}
    assert after(cookies=cookies).headers[-1] == ("Cookie", "home=ireland; home=sydney; flag=; new=1")
    assert "cookie" not in {name.lower() for name, _ in after(cookies={}).headers}


def test_path_and_query_change_each_by_itself() -> None:
    assert after(uri="/other").target == "/other?a=%20b&c&a=2"
    assert after(querystring={"b": {"value": "1"}}).target == "/graphql?b=1"
    assert after(querystring={}).target == "/graphql"


def test_a_response_has_its_cookies_among_its_headers() -> None:
    response = {
        "statusCode": 200,
        "headers": {"cache-control": {"value": "no-store"}},
        "cookies": {"home": {"value": "ireland", "attributes": "Secure; Path=/"}, "flag": {"value": "1"}},
    }
    assert response_headers(response) == [
        ("Cache-Control", "no-store"),
        ("Set-Cookie", "home=ireland; Secure; Path=/"),
        ("Set-Cookie", "flag=1"),
    ]


def test_a_request_without_cookies_has_an_empty_object_of_them() -> None:
    made = event(dataclasses.replace(REQUEST, target="/", headers=()))["request"]
    assert (made["querystring"], made["headers"], made["cookies"]) == ({}, {}, {})

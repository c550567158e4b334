import copy
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.cloudfront.function_rules import request_violations, response_body, response_violations

BEFORE = {
    "method": "POST",
    "uri": "/graphql",
    "querystring": {},
    "headers": {"host": {"value": "global-api.example.test"}, "content-length": {"value": "7"}},
    "cookies": {},
}


def violations(change: Callable[[Any], object], custom: dict[str, str] | None = None) -> list[str]:
    answer = copy.deepcopy(BEFORE)
    change(answer)
    return request_violations(answer, BEFORE, custom)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda a: a.update(uri="/other", querystring={"a": {"value": "1"}}, cookies={"c": {"value": "1"}}),
        lambda a: a["headers"].update({"x-own": {"value": "1"}, "x-more": {"multiValue": [{"value": "1"}]}}),
        lambda a: a.pop("querystring"),
    ],
)
def test_what_functions_may_change_is_no_violation(change: Any) -> None:
    assert violations(change, {"x-secret": "1"}) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda a: a.update(method="GET"), "method is 'GET'; the function must leave it at 'POST'"),
        (lambda a: a.update(uri="graphql"), "uri is 'graphql'; it must be a path that starts with /"),
        (lambda a: a.update(uri="/" * 8192), "uri and querystring have 8192 characters; they may have 8191"),
        (lambda a: a.update(querystring="a=1"), "querystring is a string; it must be an object"),
        (lambda a: a.pop("headers"), "headers is nothing; it must be an object"),
        (lambda a: a["headers"].pop("host"), "the read-only header host was changed"),
        (lambda a: a["headers"].update(via={"value": "1.1 x"}), "the read-only header via was changed"),
        (lambda a: a["headers"].update({"cdn-loop": {"value": "x"}}), "the read-only header cdn-loop was changed"),
        (lambda a: a["headers"].update(cookie={"value": "a=b"}), "the header cookie is not for functions to set"),
        (
            lambda a: a["headers"].update({"x-edge-own": {"value": ""}}),
            "the header x-edge-own is not for functions to set",
        ),
        (
            lambda a: a["headers"].update({"X-Own": {"value": "1"}}),
            "headers has the name 'X-Own'; it must be a header name in lower case",
        ),
        (
            lambda a: a["headers"].update({"x-own": "1"}),
            "headers.x-own must be {value}, the value a string without control characters",
        ),
        (
            lambda a: a["headers"].update({"x-own": {"value": "a\nb: c"}}),
            "headers.x-own must be {value}, the value a string without control characters",
        ),
        (
            lambda a: a["headers"].update({"x-own": {"value": 1}}),
            "headers.x-own must be {value}, the value a string without control characters",
        ),
    ],
)
def test_every_broken_rule_of_a_request_is_named(change: Any, named: str) -> None:
    assert violations(change) == [named]


SECRET = "da2-a-value"


@pytest.mark.parametrize(
    "wrong",
    [
        SECRET,
        [SECRET],
        {"x-key": SECRET},
        {"x-key": {"value": [SECRET]}},
        {"x-key": {"value": f"{SECRET}\n"}},
        {"x-key": {"multiValue": [SECRET]}},
    ],
)
def test_no_violation_quotes_the_value_of_a_header_or_a_cookie(wrong: Any) -> None:
    for part in ("headers", "cookies"):
        found = request_violations({**BEFORE, part: wrong}, BEFORE, None)
        found += response_violations({"statusCode": 200, part: wrong})
        assert found
        assert SECRET not in "".join(found)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("content-length", "which the request's headers have too"),
        ("x-cache", "which functions must not set"),
        ("X-Own", "which is no header name in lower case"),
    ],
)
def test_custom_headers_that_a_function_gives_the_origin_have_rules_too(name: str, why: str) -> None:
    assert f"customHeaders of the origin has {name}, {why}" in violations(lambda _: None, {name: "1"})


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"statusCode": "200"}, "statusCode is '200'; it must be a number from 200 to 599"),
        ({"statusCode": 101}, "statusCode is 101; it must be a number from 200 to 599"),
        ({"statusCode": 200, "statusDescription": 1}, "statusDescription is 1; it must be a string"),
        ({"statusCode": 200, "headers": {"via": {"value": "1"}}}, "the header via is not for functions to set"),
        (
            {"statusCode": 200, "headers": {"set-cookie": {"value": "a=b"}}},
            "the header set-cookie is not for functions to set",
        ),
        (
            {"statusCode": 200, "body": {"encoding": "base64", "data": "no base64"}},
            "body must be a string, or {encoding: text or base64, data: a string that is so encoded}",
        ),
        (
            {"statusCode": 200, "body": {"data": "a"}},
            "body must be a string, or {encoding: text or base64, data: a string that is so encoded}",
        ),
    ],
)
def test_every_broken_rule_of_a_response_is_named(answer: dict[str, Any], named: str) -> None:
    assert response_violations(answer) == [named]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("text", b"text"),
        ({"encoding": "text", "data": "text"}, b"text"),
        ({"encoding": "base64", "data": "dGV4dA=="}, b"text"),
    ],
)
def test_a_body_is_given_plainly_or_with_its_encoding(body: Any, expected: bytes) -> None:
    answer = {"statusCode": 200, "body": body}
    assert response_violations(answer) == []
    assert response_body(answer) == expected
    assert response_body({"statusCode": 204}) == b""

import base64
import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloudfront.rules import is_response, response_body, violations

REQUEST: dict[str, Any] = {
    "clientIp": "203.0.113.9",
    "method": "POST",
    "uri": "/graphql",
    "querystring": "",
    "headers": {
        "host": [{"key": "Host", "value": "global-api.example.com"}],
        "via": [{"key": "Via", "value": "1.1 a.cloudfront.net (CloudFront)"}],
        "content-length": [{"key": "Content-Length", "value": "7"}],
    },
    "origin": {
        "custom": {
            "customHeaders": {},
            "domainName": "default-origin.example.com",
            "keepaliveTimeout": 60,
            "path": "",
            "port": 443,
            "protocol": "https",
            "readTimeout": 30,
            "sslProtocols": ["TLSv1.2"],
        }
    },
}


def answer(**custom: Any) -> dict[str, Any]:
    """The request, sent to another origin."""
    changed = copy.deepcopy(REQUEST)
    changed["origin"]["custom"].update(domainName="ireland-appsync.example.com", **custom)
    changed["headers"]["host"][0]["value"] = "ireland-appsync.example.com"
    return changed


def with_header(name: str, *items: Any) -> dict[str, Any]:
    changed = answer()
    changed["headers"][name] = list(items)
    return changed


def test_a_request_for_another_host_is_valid() -> None:
    assert violations(answer(), REQUEST) == []
    assert violations(answer(path="/v1", port=8443, protocol="http", readTimeout=4), REQUEST) == []
    assert violations(with_header("x-own", {"value": "1"}, {"key": "X-Own", "value": "2"}), REQUEST) == []
    assert violations(answer(customHeaders={"x-secret": [{"key": "X-Secret", "value": "s"}]}), REQUEST) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("domainName", "192.0.2.1"),
        ("domainName", "::1"),
        ("domainName", "example.com:443"),
        ("domainName", ""),
        ("domainName", "a..b"),
        ("domainName", ".".join(["a" * 63] * 4)),
        ("domainName", None),
        ("keepaliveTimeout", 0),
        ("keepaliveTimeout", 61),
        ("path", "v1"),
        ("path", "/v1/"),
        ("path", "/" + "a" * 255),
        ("port", 22),
        ("port", 65536),
        ("port", "443"),
        ("port", True),
        ("protocol", "ftp"),
        ("readTimeout", 3),
        ("readTimeout", 61),
        ("sslProtocols", []),
        ("sslProtocols", ["TLSv1.9"]),
    ],
)
def test_an_origin_field_outside_its_rule_is_named(field: str, value: Any) -> None:
    changed = answer()
    changed["origin"]["custom"][field] = value
    [found] = violations(changed, REQUEST)
    assert found.startswith(f"origin.custom.{field} is {value!r}")


@pytest.mark.parametrize("field", list(REQUEST["origin"]["custom"]))
def test_an_origin_needs_all_its_fields(field: str) -> None:
    changed = answer()
    del changed["origin"]["custom"][field]
    [found] = violations(changed, REQUEST)
    told = "nothing" if field == "customHeaders" else "None"
    assert found.startswith(f"origin.custom.{field} is {told}; it must be ")


@pytest.mark.parametrize("name", ["via", "content-length", "accept-encoding", "transfer-encoding", "if-none-match"])
def test_read_only_headers_stay_as_they_are(name: str) -> None:
    assert violations(with_header(name, {"key": name, "value": "changed"}), REQUEST) == [
        f"the read-only header {name} was changed"
    ]


@pytest.mark.parametrize(
    "name", ["connection", "upgrade", "expect", "proxy-connection", "x-amz-cf-id", "x-edge-own", "x-cache", "x-real-ip"]
)
def test_disallowed_headers_are_not_added(name: str) -> None:
    assert violations(with_header(name, {"key": name, "value": "1"}), REQUEST) == [
        f"the header {name} is not for functions to set"
    ]
    assert violations({"status": "200", "headers": {name: [{"value": "1"}]}}, REQUEST) == [
        f"the header {name} is not for functions to set"
    ]
    [found] = violations(answer(customHeaders={name: [{"value": "1"}]}), REQUEST)
    assert "functions must not set" in found


def test_a_disallowed_header_that_the_viewer_sent_may_stay() -> None:
    request = copy.deepcopy(REQUEST)
    request["headers"]["upgrade"] = [{"key": "Upgrade", "value": "websocket"}]
    assert violations(copy.deepcopy(request), request) == []


@pytest.mark.parametrize(
    "items",
    [{"key": "X-Own", "value": "1"}, ["1"], [{"value": 1}], [{"key": "Other", "value": "1"}], [{"value": "a\r\nb: c"}]],
)
def test_a_malformed_header_is_refused(items: Any) -> None:
    changed = answer()
    changed["headers"]["x-own"] = items
    [found] = violations(changed, REQUEST)
    assert found.startswith("headers.x-own must be a list of {key, value}")


SECRET = "da2-a-value"


@pytest.mark.parametrize(
    "wrong",
    [
        SECRET,
        {"x-key": SECRET},
        {"x-key": [SECRET]},
        {"x-key": [{"key": "other", "value": SECRET}]},
        {"x-key": [{"value": f"{SECRET}\n"}]},
        {"X-Key": [{"value": SECRET}]},
        {"via": [{"value": SECRET}]},
        {"x-cache": [{"value": SECRET}]},
        [{"x-key": SECRET}],
    ],
)
def test_no_violation_quotes_the_value_of_a_header(wrong: Any) -> None:
    for changed in (
        answer() | {"headers": wrong},
        answer(customHeaders=wrong),
        answer() | {"origin": {"custom": {"customHeaders": wrong}, "s3": {}}},
        answer(path={"customHeaders": wrong}),
        {"status": "200", "headers": wrong},
        [{"headers": wrong}],
    ):
        found = violations(changed, REQUEST)
        assert found
        assert SECRET not in "".join(found)


def test_header_names_are_in_lower_case() -> None:
    [found] = violations(with_header("X-Own", {"value": "1"}), REQUEST)
    assert "'X-Own'; it must be a header name in lower case" in found


def test_what_the_viewer_asked_with_stays() -> None:
    found = violations(answer() | {"method": "GET", "clientIp": "::1"}, REQUEST)
    assert [text.partition(" ")[0] for text in found] == ["clientIp", "method"]


def test_a_custom_header_does_not_repeat_one_of_the_request() -> None:
    [found] = violations(answer(customHeaders={"host": [{"value": "x"}]}), REQUEST)
    assert "the request's headers have too" in found


@pytest.mark.parametrize(
    "response",
    [
        {"status": "99"},
        {"status": "abc"},
        {"status": None},
        {"status": "200", "body": 7},
        {"status": "200", "body": "*", "bodyEncoding": "base64"},
        {"status": "200", "body": "a", "bodyEncoding": "gzip"},
        {"status": "200", "statusDescription": 7},
        {"status": "200", "body": "a" * (1024 * 1024 + 1)},
        {"status": "200", "body": "a" * (1024 * 1024 - 4), "headers": {"x-a": [{"value": "bc"}]}},
        {"status": "200", "headers": {"transfer-encoding": [{"value": "chunked"}]}},
    ],
)
def test_a_generated_response_outside_its_rules_is_refused(response: dict[str, Any]) -> None:
    assert is_response(response)
    assert len(violations(response, REQUEST)) == 1


def test_a_generated_response_may_have_1_mb_with_its_headers() -> None:
    body = "a" * (1024 * 1024 - 5)
    assert violations({"status": "200", "body": body, "headers": {"x-a": [{"value": "bc"}]}}, REQUEST) == []


@given(st.binary())
def test_a_base64_body_comes_out_as_it_went_in(body: bytes) -> None:
    response = {"status": 200, "body": base64.b64encode(body).decode(), "bodyEncoding": "base64"}
    assert violations(response, REQUEST) == []
    assert response_body(response) == body


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(list(REQUEST)), inner),
)


@given(anything)
def test_any_other_answer_is_refused_without_an_exception(value: Any) -> None:
    assert isinstance(violations(value, REQUEST), list)
    if not is_response(value):
        assert violations(value, REQUEST)


@given(st.sampled_from(["headers", "origin", "uri", "querystring", "method", "clientIp"]), anything)
def test_any_field_may_hold_anything_without_an_exception(field: str, value: Any) -> None:
    assert isinstance(violations(answer() | {field: value}, REQUEST), list)


@given(st.sampled_from(list(REQUEST["origin"]["custom"])), anything)
def test_any_origin_field_may_hold_anything_without_an_exception(field: str, value: Any) -> None:
    changed = answer()
    changed["origin"]["custom"][field] = value
    assert isinstance(violations(changed, REQUEST), list)

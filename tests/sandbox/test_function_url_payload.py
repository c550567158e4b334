import json
from typing import Any

import pytest

from sandbox.function_url_payload import MalformedAnswerError, Received, Reply, event, reply

HOST = "abc.lambda-url.eu-west-1.on.aws"
JSON = ("content-type", "application/json")


def made(target: str = "/", *, body: bytes = b"", headers: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    return event(Received("POST", target, headers, body), host=HOST, request_id="r", now=1_583_348_638.39)


def test_a_request_comes_in_payload_format_2():
    found = made("/a%20b/c?x=1&x=2&y=&z=%C3%BC", headers=(("X-Many", "1"), ("x-many", "2"), ("User-Agent", "curl")))

    assert found["version"] == "2.0"
    assert (found["rawPath"], found["rawQueryString"]) == ("/a%20b/c", "x=1&x=2&y=&z=%C3%BC")
    assert found["queryStringParameters"] == {"x": "1,2", "y": "", "z": "ü"}
    assert found["headers"] == {
        "x-many": "1,2",
        "user-agent": "curl",
        "host": HOST,
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }
    context = found["requestContext"]
    assert context.items() >= {"accountId": "anonymous", "apiId": "abc", "domainName": HOST, "requestId": "r"}.items()
    assert context["http"].items() >= {"method": "POST", "path": "/a%20b/c", "userAgent": "curl"}.items()
    assert (context["time"], context["timeEpoch"]) == ("04/Mar/2020:19:03:58 +0000", 1583348638390)
    assert "body" not in found
    assert "cookies" not in found


def test_cookies_come_by_themselves():
    found = made(headers=(("Cookie", "a=1; b=2"),))

    assert found["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in found["headers"]


@pytest.mark.parametrize(
    ("kind", "body", "encoded"),
    [
        ("application/json; charset=utf-8", '{"a": "ü"}', False),
        ("text/plain", '{"a": "ü"}', False),
        ("application/octet-stream", "eyJhIjogIsO8In0=", True),
        (None, "eyJhIjogIsO8In0=", True),
    ],
)
def test_a_body_that_is_no_text_comes_in_base64(kind: str | None, body: str, encoded: bool):  # noqa: FBT001 - a parameter of the test
    found = made(body='{"a": "ü"}'.encode(), headers=(("Content-Type", kind),) if kind else ())

    assert (found["body"], found["isBase64Encoded"]) == (body, encoded)


@pytest.mark.parametrize("answer", ["Hello, World!", {"message": "ü"}, None, [1], 3, {"body": "b"}])
def test_an_answer_without_a_status_code_is_the_body(answer: Any):
    found = reply(answer)

    assert (found.status, found.headers) == (200, [JSON])
    assert json.loads(found.body) == answer


def test_an_answer_with_a_status_code_is_the_response():
    answer = {"statusCode": 201, "headers": {"X-A": "1", "Content-Length": "9"}, "body": "ü", "cookies": ["a=1", "b=2"]}

    cookies = [("set-cookie", "a=1"), ("set-cookie", "b=2")]
    assert reply(answer) == Reply(201, [("x-a", "1"), JSON, *cookies], "ü".encode())
    assert reply({"statusCode": 204}) == Reply(204, [JSON], b"")
    kind = {"Content-Type": "image/png"}
    png = {"statusCode": 200, "headers": kind, "body": "iVBORw==", "isBase64Encoded": True}
    assert reply(png) == Reply(200, [("content-type", "image/png")], b"\x89PNG")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"statusCode": "200"}, "statusCode is '200'"),
        ({"statusCode": 99}, "statusCode is 99"),
        ({"statusCode": 200, "body": {"a": 1}}, "body is of type dict"),
        ({"statusCode": 200, "body": "???", "isBase64Encoded": True}, "isBase64Encoded is true, but"),
    ],
)
def test_an_answer_that_is_no_response_says_why(answer: Any, reason: str):
    with pytest.raises(MalformedAnswerError, match=reason.replace("?", r"\?")):
        reply(answer)

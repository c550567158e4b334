"""What a function behind a URL is called with, and what its answer is over HTTP: payload format 2.0.

Source: "Invoking Lambda function URLs" in the AWS Lambda Developer Guide.
"""

import base64
import binascii
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sandbox.ports import LOOPBACK

_TEXT_TYPES = ("application/json", "application/javascript", "application/xml")
_OF_THE_CONNECTION = ("connection", "content-length", "transfer-encoding")
_STATUSES = range(100, 600)


class MalformedAnswerError(Exception):
    """The function's answer is none that could be sent over HTTP; the text says why."""


@dataclass(frozen=True)
class Received:
    """A request as it came: `target` is path and query, a header's name may come several times."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What the caller gets."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


def event(received: Received, *, host: str, request_id: str, now: float) -> dict[str, Any]:
    """What the function is called with: `host` is the URL's, `now` in epoch seconds."""
    headers = _joined(received.headers)
    cookies = headers.pop("cookie", "")
    path, _, query = received.target.partition("?")
    arguments = _joined(parse_qsl(query, keep_blank_values=True), lower=False)
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers
        | {"host": host, "x-forwarded-for": LOOPBACK, "x-forwarded-port": "443", "x-forwarded-proto": "https"},
        "requestContext": {
            "accountId": "anonymous",
            "apiId": host.partition(".")[0],
            "domainName": host,
            "domainPrefix": host.partition(".")[0],
            "http": {
                "method": received.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": LOOPBACK,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": "$default",
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        made["cookies"] = [cookie.strip() for cookie in cookies.replace(",", ";").split(";")]
    if arguments:
        made["queryStringParameters"] = arguments
    if received.body:
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        text = kind.startswith("text/") or kind in _TEXT_TYPES
        body = received.body.decode("utf-8", "replace") if text else base64.b64encode(received.body).decode()
        made |= {"body": body, "isBase64Encoded": not text}
    return made


def reply(answer: Any) -> Reply:
    """The HTTP response that a function's answer stands for; one without a status code is the body itself, as JSON.

    Raises:
        MalformedAnswerError: it has a status code and is no response all the same.
    """
    if not isinstance(answer, dict) or "statusCode" not in answer:
        body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return Reply(200, [("content-type", "application/json")], body)
    status, cookies = answer["statusCode"], answer.get("cookies") or []
    if not isinstance(status, int) or status not in _STATUSES:
        raise MalformedAnswerError(f"statusCode is {status!r}, not a number from 100 to 599")
    headers = {str(name).lower(): _text(value) for name, value in (answer.get("headers") or {}).items()}
    kept = [(name, value) for name, value in headers.items() if name not in _OF_THE_CONNECTION]
    if "content-type" not in headers:
        kept.append(("content-type", "application/json"))
    return Reply(status, [*kept, *(("set-cookie", str(cookie)) for cookie in cookies)], _body(answer))


def _body(answer: Mapping[str, Any]) -> bytes:
    body = "" if answer.get("body") is None else answer["body"]
    if not isinstance(body, str):
        raise MalformedAnswerError(f"body is of type {type(body).__name__}, not a string")
    if not answer.get("isBase64Encoded"):
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedAnswerError(f"isBase64Encoded is true, but the body is not: {error}") from error


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _joined(pairs: Sequence[tuple[str, str]], *, lower: bool = True) -> dict[str, str]:
    """Values of the same name, joined by commas."""
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower() if lower else name
        found[key] = f"{found[key]},{value}" if key in found else value
    return found

"""What CloudFront accepts as the answer of a function on viewer-request ("Restrictions on edge functions" and
"CloudFront Functions event structure" in the CloudFront Developer Guide). Breaking a rule gives the viewer a 502, whose
page has the texts of these violations: so they name headers, and quote the value of none.
"""

import base64
import binascii
from typing import Any

from sandbox.cloudfront.rules import TOKEN, VALUE, is_disallowed, kind

_READ_ONLY = ("cdn-loop", "content-length", "host", "transfer-encoding", "via")
_READ_ONLY_IN_RESPONSES = ("warning", "via")
_LONGEST_TARGET = 8191  # "The total size of the URI, including the query string, must be less than 8,192"
_STATUSES = range(200, 600)


def request_violations(answer: dict[str, Any], before: dict[str, Any], custom: dict[str, str] | None) -> list[str]:
    """Everything in the request that the function returned that CloudFront refuses; empty if it is valid.

    Args:
        answer: what it returned.
        before: the request in its event.
        custom: the custom headers of the origin that it chose.
    """
    found = []
    if answer.get("method") != before["method"]:
        found.append(f"method is {answer.get('method')!r}; the function must leave it at {before['method']!r}")
    uri = answer.get("uri")
    if not isinstance(uri, str) or not uri.startswith("/"):
        found.append(f"uri is {uri!r}; it must be a path that starts with /")
    malformed = [fault for part in ("querystring", "cookies") for fault in _malformed(answer.get(part, {}), part)]
    malformed += _malformed_headers(answer.get("headers"))
    if malformed or found:
        return found + malformed
    query = answer.get("querystring", {})
    size = len(str(uri)) + sum(len(name) + len(value) + 2 for name in query for value in _texts(query[name]))
    if size > _LONGEST_TARGET:
        found.append(f"uri and querystring have {size} characters; they may have {_LONGEST_TARGET}")
    return found + _changed(answer["headers"], before["headers"]) + _of_custom_headers(custom or {}, answer["headers"])


def response_violations(answer: dict[str, Any]) -> list[str]:
    """The same of a response that the function made."""
    found = []
    status = answer["statusCode"]
    if not isinstance(status, int) or isinstance(status, bool) or status not in _STATUSES:
        found.append(f"statusCode is {status!r}; it must be a number from 200 to 599")
    if not isinstance(answer.get("statusDescription", ""), str):
        found.append(f"statusDescription is {answer['statusDescription']!r}; it must be a string")
    headers, cookies = answer.get("headers", {}), answer.get("cookies", {})
    malformed = _malformed_headers(headers)
    found += malformed + _malformed(cookies, "cookies")
    if not malformed:
        found += [
            f"the header {name} is not for functions to set"
            for name in headers
            if is_disallowed(name) or name in _READ_ONLY_IN_RESPONSES or name == "set-cookie"
        ]
    try:
        response_body(answer)
    except (TypeError, ValueError):
        found.append("body must be a string, or {encoding: text or base64, data: a string that is so encoded}")
    return found


def response_body(answer: dict[str, Any]) -> bytes:
    """The body of a response that the function made.

    Raises:
        TypeError, ValueError: it is not what CloudFront takes.
    """
    body = answer.get("body", "")
    given = body if isinstance(body, dict) else {"encoding": "text", "data": body}
    data, encoding = given.get("data"), given.get("encoding")
    if not isinstance(data, str):
        raise TypeError(data)
    if encoding == "text":
        return data.encode()
    if encoding != "base64":
        raise ValueError(encoding)
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise ValueError(data) from error


def _changed(headers: dict[str, Any], before: dict[str, Any]) -> list[str]:
    found = [f"the read-only header {name} was changed" for name in _READ_ONLY if headers.get(name) != before.get(name)]
    return found + [
        f"the header {name} is not for functions to set"
        for name in sorted(headers)
        if is_disallowed(name) or name == "cookie"
    ]


def _of_custom_headers(custom: dict[str, str], headers: dict[str, Any]) -> list[str]:
    return [
        f"customHeaders of the origin has {name}, which {why}"
        for name in custom
        for why, applies in (
            ("the request's headers have too", name in headers),
            ("functions must not set", is_disallowed(name) or name in _READ_ONLY),
            ("is no header name in lower case", not TOKEN.fullmatch(name) or name != name.lower()),
        )
        if applies
    ]


def _malformed_headers(headers: Any) -> list[str]:
    malformed = _malformed(headers, "headers")
    return malformed or [
        f"headers has the name {name!r}; it must be a header name in lower case"
        for name in headers
        if not TOKEN.fullmatch(name) or name != name.lower()
    ]


def _malformed(fields: Any, where: str) -> list[str]:
    if not isinstance(fields, dict):
        return [f"{where} is {kind(fields)}; it must be an object"]
    return [
        f"{where}.{name} must be {{value}}, the value a string without control characters"
        for name, field in fields.items()
        if not _is_field(field)
    ]


def _is_field(field: Any) -> bool:
    if not isinstance(field, dict) or not isinstance(field.get("multiValue", []), list):
        return False
    several = field.get("multiValue", [])
    return all(_is_item(item) for item in several) and (_is_item(field) or (bool(several) and "value" not in field))


def _is_item(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("value"), str)
        and VALUE.fullmatch(item["value"]) is not None
        and isinstance(item.get("attributes", ""), str)
    )


def _texts(field: dict[str, Any]) -> list[str]:
    return [item["value"] for item in field.get("multiValue") or [field]]

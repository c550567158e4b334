"""The event that a CloudFront function gets on viewer-request, and what its answer makes of the viewer's request.

The shapes are those of "CloudFront Functions event structure" in the CloudFront Developer Guide. What the function
leaves as it was goes on just as the viewer sent it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.cloudfront.distribution import Distribution
from sandbox.cloudfront.rules import is_disallowed

# Query parameters, headers or cookies by name: {"value": the first, "multiValue": [{"value"}, ...] of several}.
Fields = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class ViewerRequest:
    """A request as it came in; `target` is its path and query string, `headers` are in their order and letters."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]


def viewer_request_event(
    distribution: Distribution, request: ViewerRequest, *, client_ip: str, request_id: str
) -> dict[str, Any]:
    """What the function's handler gets."""
    uri, _, query = request.target.partition("?")
    return {
        "version": "1.0",
        "context": {
            "distributionDomainName": distribution.domain_name,
            "distributionId": distribution.id,
            "eventType": "viewer-request",
            "requestId": request_id,
        },
        "viewer": {"ip": client_ip},
        "request": {
            "method": request.method,
            "uri": uri,
            "querystring": _fields(_pairs(query, "&")),
            "headers": _fields((name.lower(), value) for name, value in request.headers if _is_exposed(name.lower())),
            "cookies": _fields(_cookies(request)),
        },
    }


def changed_request(request: ViewerRequest, before: dict[str, Any], after: dict[str, Any]) -> ViewerRequest:
    """The viewer's request with all that the function changed, where `after` is a valid answer to `before`."""
    was, now = before["headers"], after["headers"]
    kept = [
        (name, value)
        for name, value in request.headers
        if not _is_exposed(name.lower()) or was[name.lower()] == now.get(name.lower())
    ]
    new = [
        (_capitalized(name), value)
        for name, field in now.items()
        if field != was.get(name)
        for value in _values(field, was.get(name))
    ]
    if after.get("cookies", {}) != before["cookies"]:
        kept = [(name, value) for name, value in kept if name.lower() != "cookie"]
        cookies = "; ".join(_written(after.get("cookies", {}), before["cookies"]))
        new += [("Cookie", cookies)] if cookies else []
    return ViewerRequest(request.method, _target(request, before, after), (*kept, *new))


def response_headers(response: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers of a response that the function made, cookies among them."""
    headers = [
        (_capitalized(name), value)
        for name, field in response.get("headers", {}).items()
        for value in _values(field, None)
    ]
    cookies = [
        ("Set-Cookie", "; ".join(filter(None, (f"{name}={one['value']}", one.get("attributes")))))
        for name, field in response.get("cookies", {}).items()
        for one in field.get("multiValue") or [field]
    ]
    return headers + cookies


def _target(request: ViewerRequest, before: dict[str, Any], after: dict[str, Any]) -> str:
    _, mark, query = request.target.partition("?")
    if after.get("querystring", {}) != before["querystring"]:
        query = "&".join(_written(after.get("querystring", {}), before["querystring"]))
        mark = "?" if query else ""
    return f"{after['uri']}{mark}{query}"


def _is_exposed(name: str) -> bool:
    return name != "cookie" and not is_disallowed(name)


def _cookies(request: ViewerRequest) -> list[tuple[str, str]]:
    return [pair for name, value in request.headers if name.lower() == "cookie" for pair in _pairs(value, ";")]


def _pairs(text: str, separator: str) -> list[tuple[str, str]]:
    parts = (part.strip().partition("=") for part in text.split(separator) if part.strip())
    return [(name, value) for name, _, value in parts]


def _fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    grouped: dict[str, list[dict[str, str]]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append({"value": value})
    return {
        name: {"value": items[0]["value"]} | ({"multiValue": items} if len(items) > 1 else {})
        for name, items in grouped.items()
    }


def _written(fields: Fields, before: Fields) -> list[str]:
    return [f"{name}={value}" for name, field in fields.items() for value in _values(field, before.get(name))]


def _values(field: dict[str, Any], before: dict[str, Any] | None) -> list[str]:
    """A field's values: those of a changed multiValue, else the first from `value` ("... (multiValue array)")."""
    several = [item["value"] for item in field.get("multiValue", [])]
    if several and (before is None or field["multiValue"] != before.get("multiValue")):
        return several
    return [field.get("value", *several[:1]), *several[1:]]


def _capitalized(name: str) -> str:
    return "-".join(word[:1].upper() + word[1:] for word in name.split("-"))

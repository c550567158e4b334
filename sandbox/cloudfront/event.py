"""The event that Lambda@Edge gets on origin-request, made from a viewer's request.

The shapes are those of "Lambda@Edge event structure" in the CloudFront Developer Guide. An event's request is
also what an edge location sends on, with or without a function in between.
"""

import re
from collections.abc import Iterable
from typing import Any

from sandbox.cloudfront.distribution import Distribution

Headers = Iterable[tuple[str, str]]
EventHeaders = dict[str, list[dict[str, str]]]

# What CloudFront takes off a viewer's request before anyone sees it ("HTTP request headers and CloudFront
# behavior (custom and Amazon S3 origins)"); Host and Via get values of their own.
_REMOVED = {
    "connection",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
    "via",
    "x-accel-buffering",
    "x-accel-charset",
    "x-accel-limit-rate",
    "x-accel-redirect",
    "x-cache",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-real-ip",
}
_ABSOLUTE_FORM = re.compile(r"https?://[^/?]*(.*)", re.IGNORECASE | re.DOTALL)
_REMOVED_PREFIXES = ("x-amz-cf-", "x-edge-")
# What describes the body goes with it, whatever the origin request policy.
_OF_THE_BODY = ("content-length", "content-type", "transfer-encoding")


def origin_form(target: str) -> str:
    """The path and query string of a request's target, also of one that is a whole URL (RFC 9112, section 3.2.2)."""
    absolute = _ABSOLUTE_FORM.fullmatch(target)
    if absolute is None:
        return target
    return absolute[1] if absolute[1].startswith("/") else f"/{absolute[1]}"


def origin_request(
    distribution: Distribution, method: str, target: str, viewer: Headers, *, client_ip: str, via: str
) -> dict[str, Any]:
    """The request that would go to the configured origin.

    Args:
        distribution: whose origin request policy decides what goes along.
        method: of the viewer's request.
        target: path and query string, as the viewer sent them.
        viewer: the viewer's headers.
        client_ip: the viewer's address.
        via: CloudFront's own entry in the Via header.
    """
    uri, _, query = target.partition("?")
    own = {name: value for name, value in viewer if name.lower() in ("host", "via", "x-forwarded-for")}
    own = {name.lower(): value for name, value in own.items()}
    host = distribution.origin.host_header or distribution.origin.domain_name
    if distribution.forwarding == "all viewer" and distribution.origin.host_header is None:
        host = own["host"]
    added = [
        ("Host", host),
        ("Via", f"{own['via']}, {via}" if "via" in own else via),
        ("X-Forwarded-For", f"{own['x-forwarded-for']}, {client_ip}" if "x-forwarded-for" in own else client_ip),
    ]
    if distribution.forwarding == "none":
        kept = [(name, value) for name, value in viewer if name.lower() in _OF_THE_BODY]
        added.append(("User-Agent", "Amazon CloudFront"))
        query = ""
    else:
        # A custom header of the origin goes before the viewer's of that name ("Add custom headers to origin requests").
        replaced = distribution.origin.event["custom"]["customHeaders"]
        kept = [(n, value) for n, value in viewer if not _is_removed(n.lower()) and n.lower() not in replaced]
    return {
        "clientIp": client_ip,
        "headers": event_headers([*kept, *added]),
        "method": method,
        "origin": distribution.origin.event,
        "querystring": query,
        "uri": uri,
    }


def origin_request_event(distribution: Distribution, request: dict[str, Any], request_id: str) -> dict[str, Any]:
    """What the function's handler gets."""
    config = {
        "distributionDomainName": distribution.domain_name,
        "distributionId": distribution.id,
        "eventType": "origin-request",
        "requestId": request_id,
    }
    return {"Records": [{"cf": {"config": config, "request": request}}]}


def event_headers(headers: Headers) -> EventHeaders:
    """Headers by lower-case name, each with the values in their order and the names in their letters."""
    grouped: EventHeaders = {}
    for name, value in headers:
        grouped.setdefault(name.lower(), []).append({"key": name, "value": value})
    return grouped


def plain_headers(headers: EventHeaders) -> list[tuple[str, str]]:
    """The inverse of `event_headers`; an entry without a key goes by the lower-case name."""
    return [(item.get("key", name), item["value"]) for name, items in headers.items() for item in items]


def _is_removed(name: str) -> bool:
    return name in _REMOVED or name.startswith(_REMOVED_PREFIXES)

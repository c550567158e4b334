"""What CloudFront accepts as the answer of an origin-request function ("Restrictions on edge functions" and
"Lambda@Edge event structure" in the CloudFront Developer Guide). Breaking a rule gives the viewer a 502, whose page
has the texts of these violations: so they name headers, and quote the value of none.
"""

import base64
import binascii
import re
from ipaddress import ip_address
from typing import Any

from sandbox.cloudfront.event import EventHeaders, plain_headers

_READ_ONLY = {
    "accept-encoding",
    "cdn-loop",
    "content-length",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "transfer-encoding",
    "via",
}
_DISALLOWED = {
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "trailer",
    "upgrade",
    "x-accel-buffering",
    "x-accel-charset",
    "x-accel-limit-rate",
    "x-accel-redirect",
    "x-amzn-auth",
    "x-amzn-cf-billing",
    "x-amzn-cf-id",
    "x-amzn-cf-xff",
    "x-amzn-errortype",
    "x-amzn-fle-profile",
    "x-amzn-header-count",
    "x-amzn-header-order",
    "x-amzn-lambda-integration-tag",
    "x-amzn-requestid",
    "x-cache",
    "x-forwarded-proto",
    "x-real-ip",
}
_DISALLOWED_PREFIXES = ("x-amz-cf-", "x-edge-")
_READ_ONLY_IN_RESPONSES = ("transfer-encoding", "via")
_READ_ONLY_FIELDS = ("clientIp", "method")
_ORIGIN_FIELDS = {
    "customHeaders": dict,
    "domainName": str,
    "keepaliveTimeout": int,
    "path": str,
    "port": int,
    "protocol": str,
    "readTimeout": int,
    "sslProtocols": list,
}
_SSL_PROTOCOLS = {"TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3"}
_READ_TIMEOUT = range(4, 61)
_KEEPALIVE_TIMEOUT = range(1, 61)
_PORTS = (80, 443, *range(1024, 65536))
_LONGEST_DOMAIN = 253
_LONGEST_PATH = 255
_LARGEST_RESPONSE = 1024 * 1024  # "Quotas on Lambda@Edge": of origin events, headers and body together
_STATUSES = range(200, 600)

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)


def is_response(answer: Any) -> bool:
    """The function made a response of its own, rather than a request for the origin."""
    return isinstance(answer, dict) and "status" in answer


def violations(answer: Any, request: dict[str, Any]) -> list[str]:
    """Everything in the function's `answer` to `request` that CloudFront refuses; empty if it is valid."""
    if not isinstance(answer, dict):
        return [f"the function returned {kind(answer)}; it must return a request or a response object"]
    return _of_response(answer) if is_response(answer) else _of_request(answer, request)


def _of_request(answer: dict[str, Any], request: dict[str, Any]) -> list[str]:
    found = [
        f"{field} is {answer.get(field)!r}; the function must leave it at {request[field]!r}"
        for field in _READ_ONLY_FIELDS
        if answer.get(field) != request[field]
    ]
    uri = answer.get("uri")
    if not isinstance(uri, str) or not uri.startswith("/"):
        found.append(f"uri is {uri!r}; it must be a path that starts with /")
    if not isinstance(answer.get("querystring"), str):
        found.append(f"querystring is {answer.get('querystring')!r}; it must be a string")
    if "body" in answer:
        found.append("body is set, though the association does not include the body")
    headers: Any = answer.get("headers")
    malformed = _malformed(headers, "headers")
    found += malformed
    if not malformed:
        found += _changed(headers, request["headers"])
    return found + _of_origin(answer.get("origin"), {} if malformed else headers)


def _of_origin(origin: Any, headers: Any) -> list[str]:
    if not isinstance(origin, dict) or list(origin) != ["custom"] or not isinstance(origin["custom"], dict):
        return ["origin is another than the sandbox emulates: an object with the one key custom, which is an object"]
    custom = origin["custom"]
    wrong = [
        f"origin.custom.{field} is {_shown(field, custom.get(field))}; it must be {_NAMES[type_]}"
        for field, type_ in _ORIGIN_FIELDS.items()
        if not isinstance(custom.get(field), type_) or isinstance(custom.get(field), bool)
    ]
    wrong += [f"origin.custom.{field} is unknown" for field in custom if field not in _ORIGIN_FIELDS]
    if wrong:
        return wrong
    return [
        f"origin.custom.{field} is {custom[field]!r}; it must be {rule}"
        for field, rule, holds in (
            (
                "domainName",
                "a DNS name (no address, no port, at most 253 characters)",
                _is_dns_name(custom["domainName"]),
            ),
            ("keepaliveTimeout", "1 to 60 seconds", custom["keepaliveTimeout"] in _KEEPALIVE_TIMEOUT),
            ("path", "empty, or start with / and not end with it (at most 255 characters)", _is_path(custom["path"])),
            ("port", "80, 443 or 1024 to 65535", custom["port"] in _PORTS),
            ("protocol", "http or https", custom["protocol"] in ("http", "https")),
            ("readTimeout", "4 to 60 seconds", custom["readTimeout"] in _READ_TIMEOUT),
            ("sslProtocols", f"some of {sorted(_SSL_PROTOCOLS)}", _are_ssl_protocols(custom["sslProtocols"])),
        )
        if not holds
    ] + _of_custom_headers(custom["customHeaders"], headers)


def _of_custom_headers(custom: dict[str, Any], headers: EventHeaders) -> list[str]:
    return _malformed(custom, "origin.custom.customHeaders") + [
        f"origin.custom.customHeaders has {name}, which {why}"
        for name in custom
        for why, applies in (
            ("the request's headers have too", name in headers),
            ("functions must not set", is_disallowed(name) or name in _READ_ONLY),
        )
        if applies
    ]


def _of_response(answer: dict[str, Any]) -> list[str]:
    found = []
    status = answer["status"]
    if not str(status).isdecimal() or int(status) not in _STATUSES:
        found.append(f"status is {status!r}; it must be 200 to 599")
    if not isinstance(answer.get("statusDescription", ""), str):
        found.append(f"statusDescription is {answer['statusDescription']!r}; it must be a string")
    headers = answer.get("headers", {})
    malformed = _malformed(headers, "headers")
    found += malformed
    if not malformed:
        found += [
            f"the header {name} is not for functions to set"
            for name in headers
            if is_disallowed(name) or name in _READ_ONLY_IN_RESPONSES
        ]
    try:
        size = len(response_body(answer))
    except (TypeError, ValueError):
        found.append("body must be a string, and bodyEncoding text or base64 as the body is")
    else:
        if not malformed:
            size += sum(len(name) + len(value) for name, value in plain_headers(headers))
        if size > _LARGEST_RESPONSE:
            found.append(
                f"body and headers have {size} bytes; those of a generated response have at most {_LARGEST_RESPONSE}"
            )
    return found


def response_body(answer: dict[str, Any]) -> bytes:
    """The body of a generated response.

    Raises:
        TypeError, ValueError: body and bodyEncoding are not what CloudFront takes.
    """
    body, encoding = answer.get("body", ""), answer.get("bodyEncoding", "text")
    if not isinstance(body, str):
        raise TypeError(body)
    if encoding == "text":
        return body.encode()
    if encoding != "base64":
        raise ValueError(encoding)
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ValueError(body) from error


def _changed(headers: EventHeaders, before: EventHeaders) -> list[str]:
    found = []
    for name in sorted(headers.keys() | before.keys()):
        values = [item["value"] for item in headers.get(name, [])]
        if values == [item["value"] for item in before.get(name, [])]:
            continue
        if name in _READ_ONLY:
            found.append(f"the read-only header {name} was changed")
        elif is_disallowed(name):
            found.append(f"the header {name} is not for functions to set")
    return found


def _malformed(headers: Any, where: str) -> list[str]:
    if not isinstance(headers, dict):
        return [f"{where} is {kind(headers)}; it must be an object"]
    found = []
    for name, items in headers.items():
        if not TOKEN.fullmatch(name) or name != name.lower():
            found.append(f"{where} has the name {name!r}; it must be a header name in lower case")
        elif not isinstance(items, list) or not all(_is_item(item, name) for item in items):
            found.append(
                f"{where}.{name} must be a list of {{key, value}}, the key being the name in any letter case, the "
                "value a string without control characters"
            )
    return found


def _is_item(item: Any, name: str) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("key", name), str)
        and item.get("key", name).lower() == name
        and isinstance(item.get("value"), str)
        and VALUE.fullmatch(item["value"]) is not None
    )


def is_disallowed(name: str) -> bool:
    """Whether a header (in lower case) is neither shown to edge functions nor theirs to set."""
    return name in _DISALLOWED or name.startswith(_DISALLOWED_PREFIXES)


def _is_dns_name(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return len(name) <= _LONGEST_DOMAIN and all(_LABEL.fullmatch(label) for label in name.split("."))
    return False


def _is_path(path: str) -> bool:
    return path == "" or (path.startswith("/") and not path.endswith("/") and len(path) <= _LONGEST_PATH)


def _are_ssl_protocols(protocols: list[Any]) -> bool:
    return bool(protocols) and all(isinstance(item, str) and item in _SSL_PROTOCOLS for item in protocols)


_NAMES = {dict: "an object", str: "a string", int: "a number", list: "a list"}


def _shown(field: str, value: Any) -> str:
    return kind(value) if field == "customHeaders" or isinstance(value, dict | list) else repr(value)


def kind(value: Any) -> str:
    """What JSON calls `value`, without its content."""
    return "nothing" if value is None else _NAMES.get(type(value), f"a {type(value).__name__}")

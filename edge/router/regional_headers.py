"""The headers that each region wants of its own, such as its API key: secret, so not in the package, and in no log.

They come as the values of the default origin's secret custom headers `x-antipodes-secret-0` ... `-9`, joined: base64 of
JSON, {region key: {header: value}}. (CloudFront takes 10 custom headers an origin, of at most 1,783 characters.)
"""

from __future__ import annotations

import json
from binascii import a2b_base64

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Headers = dict[str, list[dict[str, str]]]
    """As events have them: by name in lower case."""

PREFIX = "x-antipodes-secret-"

_NAMES = tuple(f"{PREFIX}{number}" for number in range(10))
# What a function may not change in a request: CloudFront would answer each one with 502 ("Restrictions on edge
# functions" in the CloudFront Developer Guide). Host, and what begins with x-antipodes-, is the router's own.
_REFUSED = (
    *("accept-encoding", "cdn-loop", "content-length", "transfer-encoding", "via"),
    *("if-modified-since", "if-none-match", "if-range", "if-unmodified-since"),
    *("connection", "expect", "host", "keep-alive", "trailer", "upgrade"),
    *("proxy-authenticate", "proxy-authorization", "proxy-connection"),
    *("x-accel-buffering", "x-accel-charset", "x-accel-limit-rate", "x-accel-redirect"),
    *("x-amzn-auth", "x-amzn-cf-billing", "x-amzn-cf-id", "x-amzn-cf-xff", "x-amzn-errortype", "x-amzn-fle-profile"),
    *("x-amzn-header-count", "x-amzn-header-order", "x-amzn-lambda-integration-tag", "x-amzn-requestid"),
    *("x-cache", "x-forwarded-proto", "x-real-ip"),
)
_REFUSED_PREFIXES = ("x-amz-cf-", "x-antipodes-", "x-edge-")
_NAME_CHARACTERS = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")  # RFC 9110, section 5.6.2


class RegionalHeaders:
    """Tells the secret headers from others of the default origin: once, for only a deployment changes them."""

    def __init__(self, report: Callable[[str], None]) -> None:
        """`report` is told that they cannot be read, each time that they changed; requests then go without."""
        self._report = report
        self._seen: Mapping[str, Any] = {}
        self._by_region: dict[str, Headers] = {}
        self._others: Headers = {}

    def split(self, key: str, custom_headers: Mapping[str, Any]) -> tuple[Headers, Headers]:
        """Of the default origin's custom headers: those that the region `key` wants, and those that are no secret."""
        if custom_headers != self._seen:
            self._learn(custom_headers)
        return self._by_region.get(key, {}), self._others

    def _learn(self, custom_headers: Mapping[str, Any]) -> None:
        packed = "".join([custom_headers[name][0]["value"] for name in _NAMES if name in custom_headers])
        self._by_region = {}
        self._others = {name: items for name, items in custom_headers.items() if not name.startswith(PREFIX)}
        self._seen = custom_headers
        try:
            self._by_region = unpack(packed) if packed else {}
        except (ValueError, RecursionError):  # neither of which may be told: they quote what they could not read
            self._report("malformed-regional-headers")


def unpack(packed: str) -> dict[str, Headers]:
    """Region key -> headers.

    Raises:
        ValueError: it is not what the deployment packs, or names a header that functions may not set.
    """
    content = json.loads(a2b_base64(packed.encode(), strict_mode=True))
    if not isinstance(content, dict) or not all(isinstance(headers, dict) for headers in content.values()):
        raise ValueError("not an object of objects")
    return {
        key: {name.lower(): [{"key": name, "value": _checked(name, value)}] for name, value in headers.items()}
        for key, headers in content.items()
    }


def _checked(name: str, value: object) -> str:
    lower = name.lower()
    if not name or not name.isascii() or not _NAME_CHARACTERS.issuperset(lower):
        raise ValueError("no header name")
    if lower in _REFUSED or lower.startswith(_REFUSED_PREFIXES):
        raise ValueError("no header for functions to set")
    if not (isinstance(value, str) and value.isascii() and value.isprintable()):
        raise ValueError("no header value")
    return value

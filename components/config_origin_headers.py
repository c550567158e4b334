"""Which headers a region's origin may get from the edge alone. No text here ever holds a value of one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from components import config_regions, config_secrets, origin_headers
from components.config_error import PREFIX, SECRET, Problem, closest

KEY = config_secrets.KEY

# "Restrictions on edge functions" in the Amazon CloudFront Developer Guide: what a function must not change in an
# origin request, and what it must not set in any.
_READ_ONLY = frozenset(
    {
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
)
_DISALLOWED = frozenset(
    {
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
)
_DISALLOWED_PREFIXES = ("x-amz-cf-", "x-edge-")
_OWN_PREFIX = "x-antipodes-"
_WEBSOCKET_PREFIX = "sec-websocket-"  # RFC 6455
_OWNED = {
    **dict.fromkeys(
        ("content-encoding", "content-type", "cookie", "range"),
        "That header tells what this one request is like: the same value in every request would break some.",
    ),
    "te": "That header holds between two neighbours on the way, and CloudFront takes the viewer's off.",
    "x-forwarded-for": "CloudFront itself writes the viewer's address there.",
}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PLAIN = re.compile(r"[0-9A-Za-z_-]+")
_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?")  # RFC 9110, section 5.5, without what only old senders may use


def problems(own: Mapping[str, Any]) -> Iterator[Problem]:
    if KEY not in own:
        return
    value = own[KEY]
    if own.get("router") == "function":
        yield Problem(
            f"{PREFIX}{KEY}",
            SECRET,
            "With router: function there is no place for secrets: who may read the function's code and store reads all "
            "that they hold.",
            f"no such setting; or {PREFIX}router: lambda, the default",
            f"{PREFIX}router: lambda",
        )
    if not isinstance(value, Mapping):
        yield _problem("", "It maps region keys to the headers of their origins.", "<region key>: {<header>: <value>}")
        return
    found = [problem for key, headers in value.items() for problem in _of_region(own, key, headers)]
    yield from found
    if not found and (excess := origin_headers.excess(origin_headers.normalized(value))):
        length, longest = max((len(text), f"{key}.{name}") for key, of in value.items() for name, text in of.items())
        yield Problem(
            f"{PREFIX}{KEY}",
            SECRET,
            "All headers together travel to the edge as custom headers of one origin, of which CloudFront takes 10,240 "
            f"characters: these are {excess} too many.",
            "fewer or shorter headers; about 7,000 characters in all, names and region keys included",
            f"# a shorter value, or none; the longest, with {length:,} characters: {PREFIX}{KEY}.{longest}",
        )


def _of_region(own: Mapping[str, Any], key: Any, headers: Any) -> Iterator[Problem]:
    keys = [config_regions.mended_key(each) for each in config_regions.written(own)]
    if key not in keys:
        meant = closest(str(key), keys)
        yield _problem(
            f".{_shown(key)}",
            f"That is no region of the stack.{f' Did you mean {meant}?' if meant else ''}",
            ", ".join(keys) or f"a key under {PREFIX}regions",
            meant or next(iter(keys), "ireland"),
        )
    if not isinstance(headers, Mapping):
        yield _problem(f".{_shown(key)}", "A region has headers, by their names.", "<header>: <value>", key)
        return
    seen: set[str] = set()
    for name, value in headers.items():
        yield from _of_header(key, name, value)
        if str(name).lower() in seen:
            rule = "The header is there twice: upper and lower case make no difference in a header's name."
            yield _problem(f".{_shown(key)}.{_shown(name)}", rule, "one of the two", key, name)
        seen.add(str(name).lower())


def _of_header(key: Any, name: Any, value: Any) -> Iterator[Problem]:
    at = f".{_shown(key)}.{_shown(name)}"
    lower = str(name).lower()
    if not isinstance(name, str) or not _TOKEN.fullmatch(name):
        rule = "That is no name of a header."
    elif lower == "host":
        rule = "Host is the region's own, which the router sets: AppSync answers to no other."
    elif lower in _READ_ONLY or lower in _DISALLOWED or lower.startswith(_DISALLOWED_PREFIXES):
        rule = "CloudFront lets no function change that header: it would answer each request with a 502."
    elif lower.startswith(_OWN_PREFIX):
        rule = "Headers that begin with x-antipodes- are the router's own."
    elif lower.startswith(_WEBSOCKET_PREFIX):
        rule = "By that header a viewer and a region agree on a WebSocket connection: nobody else has a say in it."
    elif lower in _OWNED:
        rule = _OWNED[lower]
    else:
        rule = ""
    if rule:
        yield _problem(at, rule, "a header of your origin's, such as x-api-key", key)
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        rule = "A value is a text of at least one character: ASCII, no control character, no space at either end."
        yield _problem(at, rule, "such a text; in YAML with quotes where it is a number", key, name)


def _shown(name: Any) -> str:
    """A name; but not `x-api-key:VALUE`, where YAML wants a space to tell the two apart."""
    return name if isinstance(name, str) and _TOKEN.fullmatch(name) else repr(SECRET)


def _problem(at: str, rule: str, valid: str, key: Any = "ireland", name: Any = "x-api-key") -> Problem:
    header = name if isinstance(name, str) and _PLAIN.fullmatch(name) else "x-api-key"
    advice = config_secrets.advice(config_regions.mended_key(key), header)
    return Problem(f"{PREFIX}{KEY}{at}", SECRET, rule, valid, advice)

"""Origin-request events without end: everything that viewers and edge locations may send, odd and hostile, and some
that are broken as no edge location would break them.
"""

import copy
from random import Random
from typing import Any

from tests.edge.events import custom_headers, packed
from tests.edge.routers import KEYS

METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE")
URIS = (
    *("/graphql", "/graphql", "/graphql/", "/graphql/realtime", "/", "//", "/.well-known/antipodes"),
    *("/.well-known/antipodes/", "/%00%ff%0d%0a", "/graphql;a=b", "/ü", f"/{'a' * 400}"),
)
QUERIES = ("", "header=e30&payload=e30=", "a=b&a=b&%00", "?", "x-antipodes-region=ireland", "q" * 400)
ADDRESSES = (
    *("203.0.113.178", "0.0.0.0", "255.255.255.255", "198.18.3.1"),
    *("2001:0db8:85a3:0:0:8a2e:0370:7334", "2001:db8::1", "::", "::1", "FE80::1", "::ffff:203.0.113.178", "1::"),
)
TEXTS = (
    *KEYS,
    *("", " ", "read", "write", "LHR", "lhr", "198.18.3.1", "atlantis", '"ireland"', "IRELAND", "evil.example.org"),
    *(
        "ireland-appsync.example.com",
        "ireland\t",
        "dns; reason=dns",
        "\xe4\xff",
        "\u2028",
        "a=b; c",
        "=",
        ";",
        "x" * 8000,
    ),
    packed({key: {"x-api-key": "forged"} for key in KEYS}),
)
COOKIES = (
    *(
        "antipodes-region=ireland",
        "a=b; antipodes-region=sydney; c=d",
        "antipodes-region=atlantis; antipodes-region=tokyo",
    ),
    *("antipodes-region", "antipodes-region=", "antipodes-region==;;=", ' antipodes-region = "tokyo" ', ";" * 200),
    "a=b;" * 900 + "antipodes-region=tokyo",
)
VIEWERS = (
    *("accept", "accept-encoding", "accept-language", "authorization", "content-length", "content-type", "origin"),
    *("if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "transfer-encoding", "range", "te"),
    *("sec-websocket-key", "sec-websocket-protocol", "sec-websocket-version", "x-forwarded-for", "x-amzn-trace-id"),
    *("x-api-key", "x-note", "x-verify", "x-antipodes-region", "x-antipodes-operation", "x-antipodes-route"),
    *("x-antipodes-edge-location", "x-antipodes-edge-address", "x-antipodes-secret-0", "x-antipodes-secret-9"),
    *("x-antipodes-secret-10", "x-antipodes-secret-", "x-antipodes", "!#$%&'*+-.^_`|~", "0"),
)
DEPLOYED = ("x-note", "x-verify", "x-api-key", "x-antipodes-route")
SECRETS = {key: {"x-api-key": f"key-of-{key}", "X-Verify": f"verify-{key}"} for key in KEYS[:2]}
PACKED = (packed(SECRETS), packed(SECRETS)[:-3], packed({}), packed([]), "!", "", packed({"ireland": {"host": "h"}}))
LONDON = {
    "x-antipodes-edge-location": [{"key": "x-antipodes-edge-location", "value": "LHR"}],
    "x-antipodes-edge-address": [{"key": "x-antipodes-edge-address", "value": "198.18.3.1"}],
}
JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    2.5,
    "",
    "junk",
    [],
    [None],
    {},
    {"custom": {}},
    {"key": "value"},
    [[{}]],
    10**30,
)


class Events:
    """Events that are put together at random, of parts made at random: the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - repeatable, not secret
        self._headers = [self._some_headers() for _ in range(2000)]
        self._deployed = [self._some_custom_headers() for _ in range(200)]

    def well_formed(self) -> dict[str, Any]:
        """An event as an edge location may send it."""
        pick = self.random.choice
        headers = pick(self._headers) | pick(self._headers)
        if self.random.random() < 0.5:
            headers |= LONDON
        custom = {
            "customHeaders": pick(self._deployed),
            "domainName": "default-origin.example.com",
            "keepaliveTimeout": pick((1, 60)),
            "path": pick(("", "/stage")),
            "port": pick((80, 443, 8443)),
            "protocol": pick(("http", "https")),
            "readTimeout": pick((4, 60)),
            "sslProtocols": ["TLSv1.2"],
        }
        request = {
            "clientIp": pick(ADDRESSES),
            "headers": headers,
            "method": pick(METHODS),
            "origin": {"custom": custom},
            "querystring": pick(QUERIES),
            "uri": pick(URIS),
        }
        return {"Records": [{"cf": {"config": {"eventType": "origin-request"}, "request": request}}]}

    def broken(self) -> Any:
        """An event in which one thing, anywhere, is missing or is something else."""
        random = self.random
        event: dict[str, Any] = {"event": copy.deepcopy(self.well_formed())}
        inner: Any = event
        while True:
            step = random.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
            if not isinstance(inner[step], (dict, list)) or not inner[step] or random.random() < 0.2:
                break
            inner = inner[step]
        if random.random() < 0.2:
            del inner[step]
        else:
            inner[step] = random.choice(JUNK)
        return event.get("event")

    def _some_headers(self) -> dict[str, list[dict[str, str]]]:
        random = self.random
        headers = {
            "host": [{"key": "Host", "value": "global-api.example.com"}],
            "via": [{"key": "Via", "value": "2.0 x.cloudfront.net"}],
        }
        for name in random.sample(VIEWERS, random.randrange(5)):
            values = [random.choice(TEXTS) for _ in range(random.choice((1, 1, 1, 2)))]
            headers[name] = [{"key": random.choice((name, name.title())), "value": value} for value in values]
        if random.random() < 0.3:
            headers["cookie"] = [
                {"key": "Cookie", "value": value} for value in random.sample(COOKIES, random.choice((1, 2)))
            ]
        return headers

    def _some_custom_headers(self) -> dict[str, list[dict[str, str]]]:
        random = self.random
        names = random.sample(DEPLOYED, random.choice((0, 0, 0, 1, 3)))
        deployed = {name: [{"key": name.title(), "value": "deployed"}] for name in names}
        if random.random() < 0.5:
            deployed |= custom_headers(random.choice(PACKED), random.choice((40, 1700)))
        return deployed

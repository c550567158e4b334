"""Lambda@Edge, origin-request: sends each request to the region that Route 53 names for this place.

`message` knows the bytes of a DNS query and its answer, `lookup` exchanges them with a name server,
`resolver` keeps the answer for its TTL, `routing` chooses a host and sends the request there.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import nameservers
import routing
from lookup import lookup_cname
from resolver import Resolver

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from typing import Any

# Baked in at deploy time: Lambda@Edge has no environment variables, and the package is always there.
_routes = json.loads(Path(__file__).with_name("routes.json").read_text(encoding="utf-8"))

_hosts = routing.read_hosts(_routes)


def _report(event: str, **facts: object) -> None:
    print(json.dumps({"antipodes": "router", "event": event, **facts}))  # noqa: T201 - Lambda's log


_resolver = Resolver(partial(lookup_cname, _routes["record"], nameservers.configured()), _hosts, report=_report)


def handler(event: Any, _context: Any) -> dict[str, Any]:
    """The request on its way to a region, or a response where it can go nowhere.

    It never raises: to CloudFront that is a bare 502, whatever the reason.
    """
    try:
        return _answer(event)
    except Exception as error:  # noqa: BLE001 - viewers get an answer and Retry-After
        print(f"antipodes router: {error!r}")  # noqa: T201 - Lambda's log
        return routing.unavailable(routing.NO_REGION)


def _answer(event: Any) -> dict[str, Any]:
    request = routing.origin_request(event)
    if request is None:
        return routing.bad_gateway(routing.NOT_ROUTABLE)
    answer = _resolver.answer()
    host = routing.choose_host(_hosts, answer.key if answer else None)
    if host is None:
        return routing.unavailable(routing.NO_REGION)
    return routing.send_to(request, host)

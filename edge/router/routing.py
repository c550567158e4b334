"""Chooses a region's host and sends the request there, without any I/O.

What came over the network only ever picks a host from the table; none of it becomes part of a host's name.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing takes longer than the rest of this module
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

NO_REGION = "no region can serve this request now; try again in a few seconds"
NOT_ROUTABLE = "the router must be associated with the origin-request event of a custom origin"


def read_hosts(routes: Mapping[str, Any]) -> dict[str, str]:
    """Region key -> host, in the order of the table that was deployed."""
    return {key: region["host"] for key, region in routes["regions"].items()}


def choose_host(hosts: Mapping[str, str], region: str | None) -> str | None:
    """The host of `region`; where the table does not know it, the first host; None where there is none."""
    if region is not None and region in hosts:
        return hosts[region]
    return next(iter(hosts.values()), None)


def origin_request(event: Any) -> dict[str, Any] | None:
    """The request of an origin-request event that goes to a custom origin, None for any other event."""
    try:
        request: dict[str, Any] = event["Records"][0]["cf"]["request"]
        routable = isinstance(request["headers"], dict) and isinstance(request["origin"]["custom"], dict)
    except (LookupError, TypeError):
        return None
    return request if routable else None


def send_to(request: Mapping[str, Any], host: str) -> dict[str, Any]:
    """`request` with `host` as its origin, over HTTPS; all else as it was.

    AppSync answers 403 to a foreign Host, and the AllViewer policy forwards the viewer's, so Host changes too.
    """
    return {
        **request,
        "headers": {**request["headers"], "host": [{"key": "Host", "value": host}]},
        "origin": {
            "custom": {
                **request["origin"]["custom"],
                "domainName": host,
                "port": 443,
                "protocol": "https",
            }
        },
    }


def bad_gateway(message: str) -> dict[str, Any]:
    """The answer to what no later try can repair."""
    return _response("502", "Bad Gateway", message)


def unavailable(message: str) -> dict[str, Any]:
    """The answer to what a later try may find repaired."""
    response = _response("503", "Service Unavailable", message)
    response["headers"]["retry-after"] = [{"key": "Retry-After", "value": "5"}]
    return response


def _response(status: str, description: str, message: str) -> dict[str, Any]:
    return {
        "status": status,
        "statusDescription": description,
        "headers": {
            "cache-control": [{"key": "Cache-Control", "value": "no-store"}],
            "content-type": [{"key": "Content-Type", "value": "application/json"}],
        },
        "body": f'{{"errors":[{{"message":"{message}"}}]}}',  # as GraphQL clients expect it
    }

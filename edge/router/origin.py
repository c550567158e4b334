"""The request on its way to a region: what changes about it, and that nothing else does."""

from __future__ import annotations

from regional_headers import PREFIX
from viewer import PLACE

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from regional_headers import Headers, RegionalHeaders

ROUTE = "x-antipodes-route"


def request_of(event: Any) -> dict[str, Any] | None:
    """The request of an origin-request event that goes to a custom origin, None for any other event."""
    try:
        cf = event["Records"][0]["cf"]
        request: dict[str, Any] = cf["request"]
        routable = (
            cf["config"]["eventType"] == "origin-request"
            and isinstance(request["headers"], dict)
            and isinstance(request["origin"]["custom"], dict)
        )
    except (LookupError, TypeError):
        return None
    return request if routable else None


class Origin:
    """A region as an origin, made once for each choice: what is the same in all requests that go there."""

    def __init__(self, host: str, choice: tuple[str, str]) -> None:
        """`choice` is a region's key and the reason, which the region's own logs then show."""
        self.key, reason = choice
        self._headers: Headers = {
            # AppSync answers 403 to a foreign Host, and the AllViewer policy forwards the viewer's.
            "host": [{"key": "Host", "value": host}],
            ROUTE: [{"key": ROUTE, "value": f"{self.key}; reason={reason}"}],
        }
        self._custom = {"domainName": host, "port": 443, "protocol": "https"}

    def send(self, request: Mapping[str, Any], regional_headers: RegionalHeaders) -> dict[str, Any]:
        """`request` on its way here; all else about it, and `request` itself, stays as it was.

        Args:
            request: of an origin-request event.
            regional_headers: knows the headers that this region wants of its own.
        """
        headers = {**request["headers"], **self._headers}
        custom = {**request["origin"]["custom"], **self._custom}
        for name in PLACE:  # for the router alone, and a viewer's own where no function overwrites them
            headers.pop(name, None)
        if PREFIX in "".join(headers):
            headers = {name: items for name, items in headers.items() if not name.startswith(PREFIX)}
        if custom.get("customHeaders"):
            regional, others = regional_headers.split(self.key, custom["customHeaders"])
            headers.update(regional)
            custom["customHeaders"] = kept = {
                name: items for name, items in others.items() if name not in regional and name not in self._headers
            }
            # CloudFront takes no header that is in both; of the viewer's and an origin's own it sends the latter.
            for name in kept:
                headers.pop(name, None)
        return {**request, "headers": headers, "origin": {"custom": custom}}

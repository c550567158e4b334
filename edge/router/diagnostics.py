"""Tells a viewer which region it gets, and why, at a path of the endpoint: no region is asked."""

from __future__ import annotations

import responses

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PATH = "/.well-known/antipodes"


def is_asked_for(request: Mapping[str, Any]) -> bool:
    return request["uri"] == PATH and request["method"] in ("GET", "HEAD")


def answer(
    choice: tuple[str, str], *, age: float | None, edge_region: str | None, edge_location: str | None
) -> dict[str, Any]:
    """The decision for the viewer that asks.

    Args:
        choice: the region's key, and the reason.
        age: seconds since DNS gave the answer that decided, None where none did.
        edge_region: the AWS region where this router runs.
        edge_location: the viewer's edge location, None where the router is not told.
    """
    key, reason = choice
    return responses.json_response(
        "200",
        "OK",
        {
            "region": key,
            "reason": reason,
            "age": None if age is None else round(age, 1),
            "edgeRegion": edge_region,
            "edgeLocation": edge_location,
        },
    )

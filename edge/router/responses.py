"""The answers that the router gives itself, without any region."""

from __future__ import annotations

import json

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from typing import Any

RETRY_SECONDS = "5"


def misplaced() -> dict[str, Any]:
    """The answer to what no later try can repair."""
    return _errors(
        "502", "Bad Gateway", "the router must be associated with the origin-request event of a custom origin"
    )


def unavailable() -> dict[str, Any]:
    """The answer to what a later try may find repaired."""
    response = _errors("503", "Service Unavailable", "no region can serve this request now; try again in a few seconds")
    response["headers"]["retry-after"] = [{"key": "Retry-After", "value": RETRY_SECONDS}]
    return response


def json_response(status: str, description: str, content: object) -> dict[str, Any]:
    """A generated response that nobody keeps. Pages of any origin may read it: a browser would otherwise tell them
    of a cross-origin failure, whatever had happened.
    """
    return {
        "status": status,
        "statusDescription": description,
        "headers": {
            "access-control-allow-origin": [{"key": "Access-Control-Allow-Origin", "value": "*"}],
            "cache-control": [{"key": "Cache-Control", "value": "no-store"}],
            "content-type": [{"key": "Content-Type", "value": "application/json"}],
        },
        "body": json.dumps(content),
    }


def _errors(status: str, description: str, message: str) -> dict[str, Any]:
    return json_response(status, description, {"errors": [{"message": message}]})  # as GraphQL clients expect it

"""How the edge came to send a request to this region, for the log."""

import re
from collections.abc import Mapping
from typing import Any

_HEADER = "x-antipodes-route"
_ROUTE = re.compile(r"[a-z][a-z0-9-]{0,29}; reason=[a-z]{1,20}")


def route(context: Mapping[str, Any]) -> str:
    """The region's key and the reason, `ireland; reason=dns`, of AppSync's context; `unknown` where it tells none.

    Who asks the region itself, past the edge, can send any text, so one in another form is none.
    """
    headers = (context.get("request") or {}).get("headers") or {}
    value = headers.get(_HEADER)
    return value if isinstance(value, str) and _ROUTE.fullmatch(value) else "unknown"

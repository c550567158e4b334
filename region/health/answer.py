"""What the function says to those who ask it over HTTP."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from . import drain
from .verdict import is_healthy

Parts = Mapping[str, str]


class Answers:
    """The answers of one region.

    Args:
        region: its key.
        version: the digest of what is deployed there.
        parts: the states of its parts, and their age in seconds.
        is_drained: whether the region of a key is drained, by what lies here; None where that cannot be told.
    """

    def __init__(
        self,
        region: str,
        version: str,
        parts: Callable[[], tuple[Parts, float]],
        is_drained: Callable[[str], bool | None],
    ) -> None:
        self._region = region
        self._version = version
        self._parts = parts
        self._is_drained = is_drained

    def to(self, method: str, path: str) -> dict[str, Any]:
        """The response, as a function URL takes it. Only 200 means yes: to whoever asks, anything else means no."""
        if method not in ("GET", "HEAD"):
            return _response(HTTPStatus.METHOD_NOT_ALLOWED, {"error": "ask with GET"})
        if path == "/":
            return self._health()
        key = drain.key_of(path)
        if key is None:
            return _response(HTTPStatus.NOT_FOUND, {"error": "ask for / or /drain/<region key>"})
        return self._drain(key)

    def _health(self) -> dict[str, Any]:
        parts, age = self._parts()
        healthy = is_healthy(parts)
        told = {
            "status": "healthy" if healthy else "unhealthy",
            "region": self._region,
            "version": self._version,
            "parts": dict(parts),
            "age": round(age, 1),
        }
        return _response(HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE, told)

    def _drain(self, key: str) -> dict[str, Any]:
        drained = self._is_drained(key)
        if drained is None:
            return _response(HTTPStatus.SERVICE_UNAVAILABLE, {"region": key, "drained": None})
        return _response(HTTPStatus.OK if drained else HTTPStatus.NOT_FOUND, {"region": key, "drained": drained})


def _response(status: HTTPStatus, content: Mapping[str, Any]) -> dict[str, Any]:
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": int(status), "headers": headers, "body": json.dumps(content)}

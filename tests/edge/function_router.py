"""The router that is a CloudFront Function: its code with a table, its events, and its own functions for tests."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import quickjs  # type: ignore[import-untyped] # ships no types

from components.edge_scripts import MARK
from sandbox.cloudfront import function_language
from sandbox.cloudfront.function_engine import Result, run

CODE = (Path(__file__).resolve().parents[2] / "edge" / "function" / "router.js").read_text(encoding="utf-8")


def with_table(table: Mapping[str, Any]) -> str:
    """The code as it is deployed."""
    before, mark, after = CODE.partition(MARK)
    assert mark
    return f"{before}const TABLE = {json.dumps(table)};{after}"


def viewer_request(
    method: str = "GET",
    uri: str = "/graphql",
    *,
    headers: Mapping[str, str | Sequence[str]] | None = None,
    address: str = "203.0.113.178",
) -> dict[str, Any]:
    """A viewer-request event ("CloudFront Functions event structure"): cookies are apart from headers."""
    given = {"host": "global-api.example.com", **(headers or {})}
    cookies: dict[str, list[str]] = {}
    for pair in str(given.pop("cookie", "")).split("; "):
        name, equals, value = pair.partition("=")
        if equals:
            cookies.setdefault(name, []).append(value)
    return {
        "version": "1.0",
        "context": {"distributionId": "EDFDVBD6EXAMPLE", "eventType": "viewer-request", "requestId": "4TyzHTaY=="},
        "viewer": {"ip": address},
        "request": {
            "method": method,
            "uri": uri,
            "querystring": {"header": {"value": "e30"}},
            "headers": {name: _field([value] if isinstance(value, str) else value) for name, value in given.items()},
            "cookies": {name: _field(values) for name, values in cookies.items()},
        },
    }


def _field(values: Sequence[str]) -> dict[str, Any]:
    several = {"multiValue": [{"value": value} for value in values]} if len(values) > 1 else {}
    return {"value": values[0], **several}


def route(
    table: Mapping[str, Any], event: Mapping[str, Any], *, edge: Mapping[str, str] | None, store: Mapping[str, str]
) -> Result:
    return run(with_table(table), event, edge_location=edge, store=store)


def functions() -> Any:
    """An engine that has run the code: its functions can be called by name."""
    context = quickjs.Context()
    context.eval("globalThis.cloudfront = {};")
    context.eval(function_language.without_imports(CODE))
    return context

"""AppSync's JavaScript is ECMAScript: what a resolver says without its `@aws-appsync/utils` any engine runs."""

import json
from pathlib import Path
from typing import Any

import pytest
import quickjs  # type: ignore[import-untyped] # ships no types

SOURCE = Path(__file__).resolve().parents[3] / "region" / "publications" / "resolver.js"


def call(function: str, context: Any) -> Any:
    engine = quickjs.Context()
    engine.eval(SOURCE.read_text(encoding="utf-8").replace("export function", "function"))
    return json.loads(engine.eval(f"JSON.stringify({function}({json.dumps(context)}))"))


@pytest.mark.parametrize("item", [{"id": "a", "n": 1}, json.dumps({"id": "a", "n": 1})])
def test_the_item_is_handed_on_whether_appsync_has_parsed_it_or_not(item: Any) -> None:
    assert call("request", {"args": {"item": item}}) == {"payload": {"id": "a", "n": 1}}


def test_what_is_handed_on_is_the_mutations_value() -> None:
    assert call("response", {"result": {"id": "a"}}) == {"id": "a"}

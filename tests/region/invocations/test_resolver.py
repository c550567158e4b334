"""The resolver's code, in the sandbox's engine, between a context of AppSync's and a function."""

import re
from pathlib import Path
from string import Template
from typing import Any

import pytest

from sandbox.appsync.errors import FieldError
from sandbox.appsync.javascript import Run

SOURCE = Path(__file__).resolve().parents[3] / "region" / "invocations" / "resolver.js"
CODE = Template(SOURCE.read_text(encoding="utf-8")).substitute(region="cape-town-2")
CONTEXT: dict[str, Any] = {
    "arguments": {"id": "é", "n": None, "deep": {"list": [1, 2.5, False]}},
    "identity": {"resolverContext": {"who": "me"}},
    "source": None,
    "request": {"headers": {"x-antipodes-route": "cape-town-2; reason=dns"}, "domainName": "d.example.com"},
    "prev": None,
    "info": {
        "fieldName": "getEvent",
        "parentTypeName": "Query",
        "variables": {"v": []},
        "selectionSetList": ["name"],
        "selectionSetGraphQL": "{\n  name\n}",
    },
    "stash": {},
}


def started(headers: dict[str, Any] | None = None, **changed: Any) -> Run:
    kept = {} if headers is None else headers
    return Run(CODE, CONTEXT | changed, kept.__setitem__)


@pytest.mark.parametrize("changed", [{}, {"identity": None}, {"source": {"id": "1"}, "stash": {"a": 1}}])
def test_the_function_gets_the_whole_context(changed: dict[str, Any]) -> None:
    assert started(**changed).request() == {"operation": "Invoke", "payload": CONTEXT | changed | {"wrapped": True}}


def test_what_appsync_leaves_undefined_is_null_to_the_function() -> None:
    absent = {name: value for name, value in CONTEXT.items() if name not in ("identity", "source", "prev")}
    payload = Run(CODE, absent, lambda _name, _value: None).request()["payload"]
    assert payload == CONTEXT | {"identity": None, "wrapped": True}


@pytest.mark.parametrize("result", [None, 0, "", [], {"id": "1", "more": [None, {"a": "b"}]}])
def test_the_value_that_the_function_returns_is_the_fields(result: Any) -> None:
    assert started().response({"value": result}) == result


def test_what_the_api_refuses_is_the_fields_error_under_the_apis_own_name_for_it() -> None:
    headers: dict[str, Any] = {}
    with pytest.raises(FieldError) as raised:
        started(headers).response({"refusal": {"type": "RefusedError", "message": "not on a Sunday"}})
    assert (str(raised.value), raised.value.type) == ("not on a Sunday", "RefusedError")
    assert headers["Server-Timing"] == 'antipodes;desc="cape-town-2"'


def test_the_answer_says_which_region_gave_it_to_pages_of_any_origin() -> None:
    headers: dict[str, Any] = {}
    started(headers).response({"value": "x"})
    assert headers == {"Server-Timing": 'antipodes;desc="cape-town-2"', "Timing-Allow-Origin": "*"}


def test_a_functions_error_is_the_fields_and_the_region_is_named_all_the_same() -> None:
    headers: dict[str, Any] = {}
    with pytest.raises(FieldError) as raised:
        started(headers).response(None, FieldError("Lambda:Unhandled", "no such event"))
    error = raised.value
    assert (str(error), error.type, error.data, error.info) == ("no such event", "Lambda:Unhandled", None, None)
    assert headers["Server-Timing"] == 'antipodes;desc="cape-town-2"'


def test_the_code_keeps_to_what_appsyncs_javascript_has() -> None:
    # "Supported runtime features" in the AWS AppSync Developer Guide, and 32,768 characters.
    code = re.sub(r"//.*", "", CODE)
    assert not re.search(
        r"\b(class|throw|try|while|async|await|new|this|in|for)\b|\+\+|--|~", code.replace(" cape-", "")
    )
    assert len(CODE) < 32_768

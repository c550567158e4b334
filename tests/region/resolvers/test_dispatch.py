import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

from region.resolvers import dispatch
from region.resolvers.dispatch import Dispatcher, InternalError

TABLE = {
    "Query.greet": "api.greetings:greet",
    "Query.fail": "api.greetings:fail",
    "Query.refuse": "api.greetings:refuse",
    "Query.item": "api.greetings:item",
}


class RefusedError(Exception):
    """As an API defines one."""


RefusedError.__module__ = "api.greetings"


def fail(_context: Any) -> None:
    raise ValueError("table arn:aws:dynamodb:eu-west-1:1:table/x")


def refuse(_context: Any) -> None:
    raise RefusedError("not on a Sunday")


@pytest.fixture(autouse=True)
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = types.ModuleType("api.greetings")
    vars(module).update(greet=lambda context: f"hello {context['arguments']['name']}", fail=fail, refuse=refuse)
    vars(module).update(item=lambda context: {"it": context["arguments"]["it"]})
    monkeypatch.setitem(sys.modules, "api.greetings", module)
    yield
    dispatch._function.cache_clear()


def ask(target: str, request: Any = None, **arguments: Any) -> Any:
    kind, field = target.split(".")
    info = {"parentTypeName": kind, "fieldName": field}
    return Dispatcher(TABLE)({"info": info, "arguments": arguments, "request": request})


def test_a_field_is_resolved_by_the_function_that_the_table_names() -> None:
    assert ask("Query.greet", name="world") == "hello world"


def test_what_the_api_says_itself_reaches_the_client() -> None:
    with pytest.raises(RefusedError, match="not on a Sunday"):
        ask("Query.refuse")


def test_with_javascript_around_the_field_what_the_api_says_is_no_error_of_the_function() -> None:
    dispatcher = Dispatcher(TABLE)

    def wrapped(field: str) -> Any:
        info = {"parentTypeName": "Query", "fieldName": field}
        return dispatcher({"info": info, "arguments": {"it": 1}, "wrapped": True})

    assert wrapped("item") == {"value": {"it": 1}}
    assert wrapped("refuse") == {"refusal": {"type": "RefusedError", "message": "not on a Sunday"}}
    with pytest.raises(InternalError):
        wrapped("fail")


def test_any_other_fault_is_logged_and_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InternalError) as caught:
        ask("Query.fail")

    assert str(caught.value) == "Query.fail failed"
    assert caught.value.__suppress_context__
    assert "arn:aws:dynamodb" in capsys.readouterr().err


def test_the_log_of_a_fault_has_the_way_that_the_request_came(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InternalError):
        ask("Query.fail", {"headers": {"x-antipodes-route": "cape-town; reason=dial", "authorization": "t0ken"}})

    logged = capsys.readouterr().err
    assert logged.startswith("Query.fail failed; route: cape-town; reason=dial\n")
    assert "t0ken" not in logged


def test_a_value_is_plain_json() -> None:
    assert ask("Query.item", it={"b", "a"}) == {"it": ["a", "b"]}


def test_a_value_that_json_does_not_have_is_a_fault_whose_type_and_place_are_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(InternalError, match=r"Query\.item failed"):
        ask("Query.item", it=object())

    assert "Query.item.it: a object that JSON does not have" in capsys.readouterr().err


def test_a_field_that_was_never_deployed_is_a_fault() -> None:
    with pytest.raises(InternalError):
        ask("Query.nothing")

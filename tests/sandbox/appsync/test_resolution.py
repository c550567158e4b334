import asyncio
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.appsync.api import Resolver
from sandbox.appsync.errors import FieldError
from sandbox.appsync.resolution import resolve
from sandbox.lambda_runtime import FunctionError, NotEmulatedError

INFO = {"fieldName": "f", "parentTypeName": "Query"}
ERROR = "export function response(ctx) { return {error: ctx.error ?? null, result: ctx.result}; }"


class Function:
    """Answers with what it was sent, or raises."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.sent: list[tuple[str, Any]] = []
        self._failure = failure

    async def __call__(self, arn: str, payload: Any) -> Any:
        self.sent.append((arn, payload))
        if self._failure:
            raise self._failure
        return payload


def field(code: str, function: Function, **arguments: Any) -> Any:
    context = {"arguments": arguments, "info": INFO, "stash": {}}
    return asyncio.run(resolve(Resolver("arn", code, ""), context, function, lambda _name, _value: None))


def asking(request: Any) -> str:
    return f"export function request(ctx) {{ return {json.dumps(request)}; }}\n{ERROR}"


def test_code_stands_before_and_after_its_function() -> None:
    code = """
    export function request(ctx) { ctx.stash.n = 1; return {operation: "Invoke", payload: {asked: ctx.args.id}}; }
    export function response(ctx) { return {...ctx.result, n: ctx.stash.n}; }
    """
    function = Function()
    assert field(code, function, id="x") == {"asked": "x", "n": 1}
    assert function.sent == [("arn", {"asked": "x"})]


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (FunctionError({"errorMessage": "boom"}), {"message": "boom", "type": "Lambda:Unhandled"}),
        (
            ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "slow down"}}, "Invoke"),
            {"message": "slow down", "type": "Lambda:TooManyRequestsException"},
        ),
    ],
)
def test_the_failure_of_a_function_is_its_codes_to_tell(failure: Exception, error: dict[str, str]) -> None:
    assert field(asking({"operation": "Invoke"}), Function(failure)) == {"error": error, "result": None}
    with pytest.raises(FieldError) as raised:
        field("", Function(failure))
    assert {"message": str(raised.value), "type": raised.value.type} == error


def test_what_the_sandbox_lacks_is_no_failure_of_the_function() -> None:
    with pytest.raises(FieldError, match="a layer") as raised:
        field(asking({"operation": "Invoke"}), Function(NotEmulatedError("a layer")))
    assert raised.value.type == "NotEmulated"


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ({"operation": "BatchInvoke", "payload": []}, "the operation BatchInvoke"),
        ({"operation": "Invoke", "invocationType": "Event"}, "Invoke with invocationType"),
        ({"payload": 1}, "no operation"),
        (None, "no object"),
    ],
)
def test_other_requests_to_a_function_are_named(request_: Any, named: str) -> None:
    function = Function()
    with pytest.raises(FieldError, match=named) as raised:
        field(asking(request_), function)
    assert raised.value.type == "NotEmulated"
    assert function.sent == []

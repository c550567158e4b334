"""Runs one resolver: a function, code that has no data source, or code before and after a function."""

import asyncio
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from sandbox.appsync.api import Resolver
from sandbox.appsync.errors import FieldError
from sandbox.appsync.invalidation import misplaced
from sandbox.appsync.javascript import AddHeader, Extend, Run
from sandbox.appsync.lambda_authorizer import Invoke
from sandbox.lambda_runtime import FunctionError, NotEmulatedError

_SECONDS = 30.0  # "AWS AppSync endpoints and quotas": request execution time


class _FunctionFailedError(FieldError):
    """What a resolver's code gets to see as `ctx.error`."""


async def resolve(
    resolver: Resolver, context: dict[str, Any], invoke: Invoke, add_header: AddHeader, extend: Extend = misplaced
) -> Any:
    """The field's value; `add_header` and `extend` as for `javascript.Run`.

    Raises:
        FieldError: it has none.
    """
    if resolver.not_emulated:
        raise FieldError("NotEmulated", f"The sandbox does not emulate resolvers with {resolver.not_emulated}.")
    if not resolver.code:
        return await _invoke(resolver.function_arn, context, invoke)
    run = Run(resolver.code, context, add_header, extend)
    asked = run.request()
    if not resolver.function_arn:
        return run.response(asked.get("payload") if isinstance(asked, dict) else None)
    try:
        result = await _invoke(resolver.function_arn, _payload(asked), invoke)
    except _FunctionFailedError as error:
        return run.response(None, error)
    return run.response(result)


def _payload(asked: Any) -> Any:
    """What a request ("JavaScript resolver function reference for Lambda") sends to the function."""
    match asked:
        case {"operation": "Invoke", **more} if more.keys() <= {"payload"}:
            return more.get("payload")
        case {"operation": str(operation), **more}:
            names = ", ".join(str(name) for name in more if name != "payload")
            kind = f"the operation {operation}{names and f' with {names}'}"
        case Mapping():
            kind = "no operation"
        case _:
            kind = "no object"
    raise FieldError("NotEmulated", f"The sandbox emulates requests to a function that say Invoke; this has {kind}.")


async def _invoke(function_arn: str, payload: Any, invoke: Invoke) -> Any:
    try:
        async with asyncio.timeout(_SECONDS):
            return await invoke(function_arn, payload)
    except FunctionError as error:
        raise _FunctionFailedError("Lambda:Unhandled", str(error.payload.get("errorMessage"))) from error
    except ClientError as error:
        told = error.response["Error"]
        raise _FunctionFailedError(f"Lambda:{told['Code']}", told["Message"]) from error
    except NotEmulatedError as error:
        raise FieldError("NotEmulated", str(error)) from error
    except TimeoutError as error:
        raise FieldError("ExecutionTimeout", "Execution timed out.") from error

"""Configurations of function URLs: what the sandbox does not serve is refused, and none outlives its function."""

from typing import Any

from sandbox.extensions.call import AwsError, Call, Handler, Upstream

_AUTH_TYPES = ("AWS_IAM", "NONE")


async def refuse_function_url(call: Call, upstream: Upstream) -> dict[str, Any] | None:  # noqa: ARG001 - a `Handler`
    """Refuses what a function URL must not have on AWS, or what would go unheeded here."""
    auth_type = call.parameters.get("AuthType")
    if auth_type not in (*_AUTH_TYPES, None):
        message = f"Value '{auth_type}' at 'authType' must be one of {', '.join(_AUTH_TYPES)}."
        raise AwsError("ValidationException", message)
    lacking = {
        "Cors": "CORS",
        "Qualifier": "the alias",
        "InvokeMode": "an invoke mode other than BUFFERED",
    }
    none: tuple[object, ...] = (None, {}, "BUFFERED")  # empty CORS settings take away what there were
    for name, what in lacking.items():
        if call.parameters.get(name) not in none:
            raise AwsError("InvalidParameterValueException", f"The sandbox does not emulate {what} of function URLs.")
    return None


def without_url(delete: Handler) -> Handler:
    """A handler of DeleteFunction that takes the function's URL with it, as Lambda does and the emulator does not."""

    async def handle(call: Call, upstream: Upstream) -> dict[str, Any] | None:
        name = call.parameters["FunctionName"]
        answer = await delete(call, upstream)
        if "Qualifier" not in call.parameters and name.count(":") in (0, 6):  # the function, not one version of it
            try:
                await upstream(call.scope, "DeleteFunctionUrlConfig", FunctionName=name)
            except AwsError as error:
                if error.code != "ResourceNotFoundException":
                    raise
        return answer

    return handle

"""The resource-based policy of a function: whom it lets call it."""

import json
from typing import Any

from botocore.exceptions import ClientError

from sandbox.control_plane import ControlPlane
from sandbox.lambda_code import region_of


async def statements(control_plane: ControlPlane, function_arn: str) -> list[dict[str, Any]]:
    """The statements of the function's policy; none where it has no policy.

    Raises:
        botocore.exceptions.ClientError: AWS does not tell.
    """

    def load() -> list[dict[str, Any]]:
        try:
            answer = control_plane.clients("lambda", region_of(function_arn)).get_policy(FunctionName=function_arn)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return []
            raise
        return list(json.loads(answer["Policy"])["Statement"])

    return await control_plane.read("lambda", ("policy", function_arn), load)


def listed(value: Any) -> list[Any]:
    """A policy's value as the list that it may or may not be written as."""
    return value if isinstance(value, list) else [value]

"""Whether AppSync may call a function: by the function's own policy, as on AWS."""

import json
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

from sandbox.control_plane import ControlPlane
from sandbox.lambda_code import region_of

_SERVICE = "appsync.amazonaws.com"
_ACTIONS = ("lambda:InvokeFunction", "lambda:*", "*")


async def may_invoke(control_plane: ControlPlane, function_arn: str, api_arn: str) -> bool:
    """The policy of the function lets AppSync call it for the API."""

    def load() -> list[dict[str, Any]]:
        try:
            answer = control_plane.clients("lambda", region_of(function_arn)).get_policy(FunctionName=function_arn)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return []
            raise
        return list(json.loads(answer["Policy"])["Statement"])

    statements = await control_plane.read("lambda", ("policy", function_arn), load)
    return any(_allows(statement, api_arn) for statement in statements)


def _allows(statement: dict[str, Any], api_arn: str) -> bool:
    principal = statement.get("Principal")
    services = _listed(principal.get("Service")) if isinstance(principal, dict) else _listed(principal)
    sources = [
        source
        for conditions in statement.get("Condition", {}).values()
        for key, value in conditions.items()
        if key.lower() == "aws:sourcearn"
        for source in _listed(value)
    ]
    return (
        statement.get("Effect") == "Allow"
        and (_SERVICE in services or "*" in services)
        and any(action in _ACTIONS for action in _listed(statement.get("Action")))
        and (not sources or any(fnmatchcase(api_arn, source) for source in sources))
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

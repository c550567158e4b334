"""Whether AppSync may call a function: by the function's own policy, as on AWS."""

from fnmatch import fnmatchcase
from typing import Any

from sandbox import function_policy
from sandbox.control_plane import ControlPlane
from sandbox.function_policy import listed

_SERVICE = "appsync.amazonaws.com"
_ACTIONS = ("lambda:InvokeFunction", "lambda:*", "*")


async def may_invoke(control_plane: ControlPlane, function_arn: str, api_arn: str) -> bool:
    """The policy of the function lets AppSync call it for the API."""
    statements = await function_policy.statements(control_plane, function_arn)
    return any(_allows(statement, api_arn) for statement in statements)


def _allows(statement: dict[str, Any], api_arn: str) -> bool:
    principal = statement.get("Principal")
    services = listed(principal.get("Service")) if isinstance(principal, dict) else listed(principal)
    sources = [
        source
        for conditions in statement.get("Condition", {}).values()
        for key, value in conditions.items()
        if key.lower() == "aws:sourcearn"
        for source in listed(value)
    ]
    return (
        statement.get("Effect") == "Allow"
        and (_SERVICE in services or "*" in services)
        and any(action in _ACTIONS for action in listed(statement.get("Action")))
        and (not sources or any(fnmatchcase(api_arn, source) for source in sources))
    )

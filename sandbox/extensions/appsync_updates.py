"""AppSync's UpdateGraphqlApi, of which the emulator takes only some members and keeps what the call leaves out.

AWS replaces the API's whole configuration, so what was last said here stands before what the emulator answers.
"""

from typing import Any

from sandbox.extensions.call import Call, Upstream

_REPLACED = (
    "additionalAuthenticationProviders",
    "enhancedMetricsConfig",
    "introspectionConfig",
    "lambdaAuthorizerConfig",
    "logConfig",
    "openIDConnectConfig",
    "ownerContact",
    "queryDepthLimit",
    "resolverCountLimit",
    "userPoolConfig",
    "xrayEnabled",
)
_DEFAULTS = {"introspectionConfig": "ENABLED", "queryDepthLimit": 0, "resolverCountLimit": 0, "xrayEnabled": False}


class AppSyncUpdates:
    """The configurations that updates gave to APIs, by the API's id."""

    def __init__(self) -> None:
        self._said: dict[str, dict[str, Any]] = {}

    async def update(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        answer = await upstream(call.scope, "UpdateGraphqlApi", **call.parameters)
        replaced = {name: call.parameters[name] for name in _REPLACED if name in call.parameters}
        self._said[call.parameters["apiId"]] = _DEFAULTS | replaced
        return {"graphqlApi": self._merged(answer["graphqlApi"])}

    async def get(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        answer = await upstream(call.scope, "GetGraphqlApi", **call.parameters)
        return {"graphqlApi": self._merged(answer["graphqlApi"])}

    async def list(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        answer = await upstream(call.scope, "ListGraphqlApis", **call.parameters)
        return answer | {"graphqlApis": [self._merged(api) for api in answer["graphqlApis"]]}

    def _merged(self, api: dict[str, Any]) -> dict[str, Any]:
        said = self._said.get(api["apiId"])
        return api if said is None else {k: v for k, v in api.items() if k not in _REPLACED} | said

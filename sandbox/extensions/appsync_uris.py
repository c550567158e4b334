"""Where AppSync's default endpoints are: the emulator names hosts of amazonaws.com, which nobody reaches from here."""

from typing import Any

from sandbox.extensions.call import Call, Handler, Upstream


def with_uris(handler: Handler) -> Handler:
    """A handler whose answers say where the APIs in them can be reached, which is at the gateway."""

    async def handle(call: Call, upstream: Upstream) -> dict[str, Any] | None:
        answer = await handler(call, upstream)
        if answer is None:
            return None
        for api in [*answer.get("graphqlApis", []), *([answer["graphqlApi"]] if "graphqlApi" in answer else [])]:
            base = f"{call.endpoint}/v1/apis/{api['apiId']}"
            api["uris"] = {"GRAPHQL": f"{base}/graphql", "REALTIME": f"{base.replace('http', 'ws', 1)}/realtime"}
        return answer

    return handle


async def forward(call: Call, upstream: Upstream) -> dict[str, Any]:
    """The emulator's own answer."""
    return await upstream(call.scope, call.operation, **call.parameters)

"""The code that the API runs: functions in the regions and at the edge, and AppSync's own."""

from collections.abc import Mapping
from typing import Any

from ...shared.code import texts
from ...shared.kinds import (
    CLOUDFRONT_FUNCTION,
    DISTRIBUTION,
    FUNCTION,
    GRAPHQL_API,
    HTTP_AUTHORIZER,
    PIPELINE_STEP,
    RESOLVER,
    REST_AUTHORIZER,
)
from ...shared.known import UNKNOWN, NotKnownError
from ...shared.router import associations, behaviours
from ...shared.stack import Resource, Stack

_OWN = {
    RESOLVER: ("code", "requestTemplate", "responseTemplate"),
    PIPELINE_STEP: ("code", "requestMappingTemplate", "responseMappingTemplate"),
}


def with_code(stack: Stack) -> list[Resource]:
    """The resolvers of AppSync's, and the steps of those, that have code of their own."""
    return [each for each in stack.of(*_OWN) if any(each.states(key) for key in _OWN[each.kind])]


def functions(stack: Stack) -> list[Resource]:
    """The functions, Lambda's and CloudFront's."""
    return stack.of(FUNCTION, CLOUDFRONT_FUNCTION)


def shown(resource: Resource) -> dict[str, str]:
    """The texts of a resource's code, by the place of each; none of what lies in files.

    Raises:
        NotKnownError: its code is not known yet.
    """
    if resource.kind in _OWN:
        found = {key: resource.read(key) for key in _OWN[resource.kind] if resource.states(key)}
        return {key: text for key, text in found.items() if isinstance(text, str)}
    files = texts(resource)
    if files is UNKNOWN:
        raise NotKnownError("code")
    return {f"code, {name}" if name else "code": text for name, text in files.items()}


def at_the_edge(stack: Stack) -> list[Resource]:
    """The functions that the stack's distributions run, as far as that is known."""
    found: dict[str, Resource] = {}
    for distribution in stack.of(DISTRIBUTION):
        try:
            for behaviour in behaviours(distribution):
                for association in associations(distribution, behaviour):
                    found |= {function.urn: function for function in association.functions}
        except NotKnownError:
            # The dependencies tell what is there, if not where.
            found |= {function.urn: function for function in distribution.needs(FUNCTION, CLOUDFRONT_FUNCTION)}
    return list(found.values())


def authorizers(stack: Stack) -> list[Resource]:
    """The functions that say who may use an API of the stack."""
    found: dict[str, Resource] = {}
    for api in stack.of(GRAPHQL_API):
        for key in ("lambdaAuthorizerConfig", "additionalAuthenticationProviders"):
            if api.states(key):
                found |= {function.urn: function for function in _named(api, key)}
    for authorizer in stack.of(REST_AUTHORIZER, HTTP_AUTHORIZER):
        found |= {function.urn: function for function in authorizer.sources("authorizerUri", FUNCTION)}
    return list(found.values())


def _named(api: Resource, key: str) -> list[Resource]:
    value = api.peek(key)
    configs = [value] if key == "lambdaAuthorizerConfig" else value
    if not isinstance(configs, list):
        return api.sources(key, FUNCTION)
    arns = [_arn(config) for config in configs]
    return [function for arn in arns if arn is not None for function in api.sources(key, FUNCTION, value=arn)]


def _arn(config: Any) -> Any:
    """The authorizer that a provider of additional authentication, or the API itself, names; None for none."""
    if not isinstance(config, Mapping):
        return UNKNOWN
    inner = config.get("lambdaAuthorizerConfig", config)
    return inner.get("authorizerUri") if isinstance(inner, Mapping) else UNKNOWN if inner is UNKNOWN else None

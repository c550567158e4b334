"""The stacks that the rules about the API look at: those whose distribution carries the router."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .code import EDGE_FUNCTION, FUNCTION
from .known import UNKNOWN, NotKnownError
from .router import DISTRIBUTION, associations, behaviours, routed_behaviours
from .rule import Subject, each
from .stack import Resource, Stack

TABLE = "aws:dynamodb/table:Table"
GRAPHQL_API = "aws:appsync/graphQLApi:GraphQLApi"
_AUTHORIZERS = ("aws:apigateway/authorizer:Authorizer", "aws:apigatewayv2/authorizer:Authorizer")

PROTECTED: Mapping[str, Mapping[str, Any]] = {
    "protected": {
        "type": "boolean",
        "description": "Whether the stack is one to protect. Unset, it is where a table of it refuses to be deleted.",
    }
}
"""The setting of rules that hold in protected stacks alone."""

Subjects = Callable[[Stack], Iterator[Subject[Resource]]]


def is_active_active(stack: Stack) -> bool:
    """Whether the stack serves an API by a router.

    One of which that is not known yet counts as one that does not: the rules about the edge say what is not known.
    """
    return any(isinstance(found, Subject) for found in routed_behaviours(stack))


def is_protected(stack: Stack) -> bool:
    """Whether the stack is one to protect: as the rule was told, else by its tables."""
    told = stack.settings.get("protected")
    if told is not None:
        return told is True
    return any(table.peek("deletionProtectionEnabled") is True for table in stack.of(TABLE))


def in_the_design(*kinds: str) -> Subjects:
    """The resources of these types in a stack that has a router, as subjects of rules."""

    def subjects(stack: Stack) -> Iterator[Subject[Resource]]:
        if is_active_active(stack):
            yield from each(*stack.of(*kinds))

    return subjects


def where_protected(*kinds: str) -> Subjects:
    """The same, in protected stacks alone."""
    among = in_the_design(*kinds)

    def subjects(stack: Stack) -> Iterator[Subject[Resource]]:
        if is_protected(stack):
            yield from among(stack)

    return subjects


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
            found |= {function.urn: function for function in distribution.needs(FUNCTION, EDGE_FUNCTION)}
    return list(found.values())


def authorizers(stack: Stack) -> list[Resource]:
    """The functions that say who may use an API of the stack."""
    found: dict[str, Resource] = {}
    for api in stack.of(GRAPHQL_API):
        for key in ("lambdaAuthorizerConfig", "additionalAuthenticationProviders"):
            if api.states(key):
                found |= {function.urn: function for function in _named(api, key)}
    for authorizer in stack.of(*_AUTHORIZERS):
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

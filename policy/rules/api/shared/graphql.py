"""AppSync's APIs as the rules see them: who may use which field, and what answers it."""

from collections import defaultdict
from collections.abc import Mapping

from ...shared.kinds import DATA_SOURCE, GRAPHQL_API, PIPELINE_STEP, RESOLVER
from ...shared.known import UNKNOWN, NotKnownError, Properties
from ...shared.stack import Resource, Stack, once
from .sdl import Directive, Schema, parse

MODES: Mapping[str, str] = {
    "API_KEY": "aws_api_key",
    "AWS_IAM": "aws_iam",
    "AMAZON_COGNITO_USER_POOLS": "aws_cognito_user_pools",
    "OPENID_CONNECT": "aws_oidc",
    "AWS_LAMBDA": "aws_lambda",
}
"""An API's types of authentication, and the directive that opens a field to each."""

_GROUPS = "cognito_groups"


def schema(api: Resource) -> Schema | None:
    """The API's schema; None where the program gives none, as for a merged API.

    Raises:
        NotKnownError: it is not known yet.
    """
    text = api.read("schema")
    return parse(text) if isinstance(text, str) else None


def providers(api: Resource) -> list[Properties]:
    """The API's ways of authentication: the default one first, then the additional ones.

    Raises:
        NotKnownError: how many there are is not known yet.
    """
    return [api, *api.each("additionalAuthenticationProviders")]


def authentications(api: Resource) -> list[str]:
    """The types of the API's ways of authentication.

    Raises:
        NotKnownError: one is not known yet.
    """
    return [str(provider.read("authenticationType")) for provider in providers(api)]


def guards(api: Resource, declared: Schema, mutation: str) -> tuple[Directive, ...]:
    """The directives that say to whom a mutation is open.

    A field without any is as open as its type, and a type without is open to the API's default mode alone ("Using
    additional authorization modes" in the AWS AppSync Developer Guide).
    """
    kind = declared.types[declared.roots["mutation"]]
    default = Directive(MODES.get(str(api.read("authenticationType")), ""), {})
    return _guards(kind.fields[mutation]) or _guards(kind.directives) or (default,)


def is_closed(guard: Directive) -> bool:
    """Whether what the directive opens a field to is the backend, not whoever is a client."""
    return guard.name == "aws_iam" or bool(guard.arguments.get(_GROUPS))


def sources(api: Resource, kind: str, field: str) -> set[str] | None:
    """The types of the data sources behind a field; None where nothing of the stack resolves it.

    Raises:
        NotKnownError: what resolves it is not known yet.
    """
    for resolver in _by_field(api.stack).get((kind, field), ()):
        if _is_of(resolver, api):
            steps = resolver.sources("pipelineConfig", PIPELINE_STEP) if resolver.states("pipelineConfig") else []
            return {_source(each) for each in (steps or [resolver])}
    return None


def _guards(directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
    return tuple(each for each in directives if each.name in {*MODES.values(), "aws_auth"})


@once
def _by_field(stack: Stack) -> Mapping[tuple[str, str], list[Resource]]:
    """The resolvers of the types and fields that are known, whichever API they are of."""
    found: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
    for resolver in stack.of(RESOLVER):
        kind, field = resolver.peek("type"), resolver.peek("field")
        if isinstance(kind, str) and isinstance(field, str):
            found[kind, field].append(resolver)
    return found


def _is_of(resolver: Resource, api: Resource) -> bool:
    return api in resolver.sources("apiId", GRAPHQL_API, value=resolver.peek("apiId"))


def _source(step: Resource) -> str:
    found = step.sources("dataSource", DATA_SOURCE, value=step.peek("dataSource"))
    kinds = {each.peek("type") for each in found}
    if len(kinds) != 1 or UNKNOWN in kinds:
        raise NotKnownError("dataSource")
    return str(kinds.pop())

"""Who may use which part of the API: the authorization modes that the schema opens its types and fields to."""

from collections.abc import Collection, Iterator

from graphql import GraphQLObjectType, GraphQLSchema

CLIENTS = "aws_lambda"
"""The API's default mode, by which every client comes in: the Lambda authorizer."""
IAM = "aws_iam"
"""The mode of the project's own functions and of EventBridge, whose policies name each field."""
OPEN_TO_BOTH = f"@{CLIENTS} @{IAM}"
MUTATIONS = "Mutation"
"""The type whose fields those policies name."""

_MODES = {CLIENTS, IAM, "aws_api_key", "aws_auth", "aws_cognito_user_pools", "aws_oidc"}


def modes(kind: GraphQLObjectType, field: str | None = None) -> set[str]:
    """The directives of the modes that a type, or a field of it, is open to.

    A field without directives is as open as its type, and a type without is open to the default mode alone ("Using
    additional authorization modes" in the AWS AppSync Developer Guide).
    """
    if field is not None and (own := _declared(kind.fields[field].ast_node)):
        return own
    on_type = {mode for node in (kind.ast_node, *kind.extension_ast_nodes) for mode in _declared(node)}
    return on_type or {CLIENTS}


def problems(schema: GraphQLSchema, called: Collection[str]) -> Iterator[str]:
    """What keeps the project's own functions from the mutations that they call, with remedies."""
    if called and schema.mutation_type and schema.mutation_type.name != MUTATIONS:
        yield (
            f"the type {schema.mutation_type} holds the mutations: call it {MUTATIONS}, the name by which policies "
            f"open {', '.join(sorted(called))}."
        )


def _declared(node: object) -> set[str]:
    return {directive.name.value for directive in getattr(node, "directives", ())} & _MODES

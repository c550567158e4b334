"""The API's schema, read as AppSync reads it."""

from collections.abc import Mapping

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    build_ast_schema,
    validate_schema,
)
from graphql import (
    parse as parse_document,
)
from graphql.language import ListValueNode, StringValueNode
from graphql.validation.validate import validate_sdl

from components.api_error import ApiError

# What AppSync adds to GraphQL: "Scalar types in AWS AppSync" and "Using directives in GraphQL schemas" in its
# Developer Guide.
_APPSYNC = """
scalar AWSDate
scalar AWSTime
scalar AWSDateTime
scalar AWSTimestamp
scalar AWSEmail
scalar AWSJSON
scalar AWSURL
scalar AWSPhone
scalar AWSIPAddress
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_publish(subscriptions: [String!]!) on FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
"""


def parse(text: str, name: str) -> GraphQLSchema:
    """The schema that `text` defines; `name` is what errors call it.

    Raises:
        ApiError: with every problem of a schema that AppSync would refuse.
    """
    try:
        document = parse_document(_APPSYNC, no_location=True)
        document.definitions = (*document.definitions, *parse_document(text).definitions)
    except GraphQLError as error:
        raise ApiError([_explained(name, error)]) from None
    if errors := validate_sdl(document):
        raise ApiError([_explained(name, error) for error in errors])
    schema = build_ast_schema(document, assume_valid_sdl=True)
    problems = [_explained(name, error) for error in validate_schema(schema)]
    problems += [f"{name}: {problem}" for problem in _subscription_problems(schema)]
    if problems:
        raise ApiError(problems)
    return schema


def _explained(name: str, error: GraphQLError) -> str:
    where = f"{name}, line {error.locations[0].line}" if error.locations else name
    return f"{where}: {error.message}"


def _subscription_problems(schema: GraphQLSchema) -> list[str]:
    """A subscription that names a mutation which does not exist would be deployed, and never hear of anything."""
    mutations = fields_of(schema.mutation_type)
    return [
        f"Subscription.{field} subscribes to the mutation {mutation!r}, which does not exist. "
        f"Mutations: {', '.join(sorted(mutations)) or 'none'}."
        for field, names in _subscribed(schema).items()
        for mutation in names
        if mutation not in mutations
    ]


def _subscribed(schema: GraphQLSchema) -> dict[str, list[str]]:
    """Subscription field -> the mutations that its @aws_subscribe names."""
    found: dict[str, list[str]] = {}
    for field, definition in fields_of(schema.subscription_type).items():
        for directive in definition.ast_node.directives if definition.ast_node else ():
            if directive.name.value == "aws_subscribe":
                values = [argument.value for argument in directive.arguments]
                found[field] = [
                    item.value
                    for value in values
                    for item in (value.values if isinstance(value, ListValueNode) else (value,))
                    if isinstance(item, StringValueNode)
                ]
    return found


def fields_of(kind: GraphQLObjectType | None) -> Mapping[str, GraphQLField]:
    """Name -> definition; empty where the schema has no such type."""
    return kind.fields if kind else {}

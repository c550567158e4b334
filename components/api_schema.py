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
    if errors := validate_schema(schema):
        raise ApiError([_explained(name, error) for error in errors])
    return schema


def _explained(name: str, error: GraphQLError) -> str:
    where = f"{name}, line {error.locations[0].line}" if error.locations else name
    return f"{where}: {error.message}"


def fields_of(kind: GraphQLObjectType | None) -> Mapping[str, GraphQLField]:
    """Name -> definition; empty where the schema has no such type."""
    return kind.fields if kind else {}

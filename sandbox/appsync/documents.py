"""GraphQL documents as an API takes them: parsed and held against its schema once, however often they come."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from sandbox.appsync.errors import MalformedRequestError
from sandbox.appsync.selection import depth

_KEPT = 256


@dataclass(frozen=True)
class Document:
    """A document, the operation in it that is to run, and what speaks against that, in AppSync's form."""

    tree: DocumentNode
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    errors: tuple[dict[str, Any], ...]


class Documents:
    """The documents of one API in one state; `configuration` is AppSync's GraphqlApi."""

    def __init__(self, schema: GraphQLSchema, configuration: dict[str, Any]) -> None:
        self._schema = schema
        self._introspection = configuration.get("introspectionConfig") != "DISABLED"
        self._depth = configuration.get("queryDepthLimit") or 0
        self.read = lru_cache(_KEPT)(self._read)

    def _read(self, text: str, operation_name: str | None) -> Document:
        """The document.

        Raises:
            MalformedRequestError: it is no GraphQL, or does not say which operation to run.
        """
        try:
            tree = parse(text)
        except GraphQLError as error:
            raise MalformedRequestError("Unable to parse GraphQL query.") from error
        operation = get_operation_ast(tree, operation_name)
        if operation is None:
            raise MalformedRequestError(
                f"Unknown operation named {operation_name!r}."
                if operation_name
                else "Must provide operation name if query contains multiple operations."
            )
        fragments = {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}
        return Document(tree, operation, fragments, tuple(self._errors(tree, operation, fragments)))

    def _errors(
        self, tree: DocumentNode, operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
    ) -> list[dict[str, Any]]:
        rules = [*specified_rules, *([] if self._introspection else [NoSchemaIntrospectionCustomRule])]
        try:
            errors = validate(self._schema, tree, rules)
        except GraphQLError as error:  # such as of a subscription whose only field depends on a variable
            errors = [error]
        if errors:
            return [refusal(f"Validation error: {error.message}", error) for error in errors]
        deep = depth(operation.selection_set, fragments)
        if self._depth and deep > self._depth:
            return [refusal(f"Query depth exceeded: the query is {deep} levels deep, the API allows {self._depth}.")]
        return []


def refusal(message: str, error: GraphQLError | None = None) -> dict[str, Any]:
    """The error of an operation of which nothing is executed; `error` says where in the document it lies."""
    return {"path": None, "locations": error and locations(error), "message": message}


def locations(error: GraphQLError) -> list[dict[str, Any]] | None:
    return [{"line": place.line, "column": place.column, "sourceName": None} for place in error.locations or []] or None

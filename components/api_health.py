"""The query that tells whether a region's API works: `health.graphql`, which is the API's own to choose."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    validate,
    visit,
)

from components.api_authorization import CLIENTS, modes
from components.api_files import read_text

DEFAULT = "{ __typename }"
"""Goes through AppSync and its authorizer, and through no resolver."""

_INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True)
class HealthQuery:
    """The document, and what is wrong with it."""

    text: str
    problems: tuple[str, ...] = ()


def read(path: Path, schema: GraphQLSchema) -> HealthQuery:
    """What the file says; the default where there is none.

    Raises:
        ApiError: it cannot be read.
    """
    if not path.exists():
        return HealthQuery(DEFAULT)
    text = read_text(path)
    return HealthQuery(text, tuple(f"{path}: {problem}" for problem in _problems(text, schema)))


def _problems(text: str, schema: GraphQLSchema) -> Iterator[str]:
    try:
        document = parse(text)
    except GraphQLError as error:
        yield f"{error.message} Write one query, such as {DEFAULT}, or remove the file."
        return
    if errors := validate(schema, document):
        yield from (f"{error.message} Ask for what api/schema.graphql has." for error in errors)
        return
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if len(operations) != 1:
        yield f"it holds {len(operations)} operations, and a health check asks one: keep one query."
        return
    (operation,) = operations
    if operation.operation != OperationType.QUERY:
        yield (
            f"it is a {operation.operation.value}, and a region is asked every few seconds, whether it works or not: "
            "write a query, which changes nothing."
        )
    if operation.variable_definitions:
        names = ", ".join(f"${each.variable.name.value}" for each in operation.variable_definitions)
        yield f"it has the variables {names}, for which nobody has values: write the values into the query."
    yield from _closed(document, schema)


def _closed(document: DocumentNode, schema: GraphQLSchema) -> Iterator[str]:
    info = TypeInfo(schema)
    seen = _Fields(info)
    visit(document, TypeInfoVisitor(info, seen))
    for kind, field in dict.fromkeys(seen.found):
        if field in _INTROSPECTION:
            yield f"it asks for {field}, which protected stacks refuse to tell: ask for a field of the API."
        elif not field.startswith("__") and CLIENTS not in modes(kind, field):
            yield (
                f"{kind.name}.{field} is closed to clients, and the health check comes as one: ask for another field, "
                f"or open it by @{CLIENTS}."
            )


class _Fields(Visitor):
    """The fields that are asked for, with the types that have them."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.found: list[tuple[GraphQLObjectType, str]] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        kind = self._info.get_parent_type()
        if isinstance(kind, GraphQLObjectType):
            self.found.append((kind, node.name.value))

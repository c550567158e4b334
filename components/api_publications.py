"""Publish mutations: what the fan-out calls to tell a region's subscribers of a change in a table."""

from collections.abc import Collection, Iterator, Sequence

from graphql import (
    GraphQLField,
    GraphQLLeafType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_argument,
)

from components.api_authorization import CLIENTS, IAM, OPEN_TO_BOTH, modes
from components.api_schema import fields_of
from components.api_tables import Table

ARGUMENT = "item"

_DEEPEST = 5  # objects in objects that a publication carries
_WRITE = f"{ARGUMENT}: AWSJSON!"


def fields(tables: Sequence[Table]) -> list[str]:
    """The publish mutations that the tables name, each once."""
    return sorted({field for table in tables for field in table.publish.values()})


def document(schema: GraphQLSchema, resolved: Collection[str], field: str) -> str:
    """The operation that publishes an item, its variable `$item`, by a mutation that has no `problems`.

    AppSync tells subscribers no more than the mutation selects, so it selects all that the item itself can tell: every
    field that has no resolver of its own (`resolved`, as "Type.field"), needs no argument and is not closed to IAM,
    with the fields of the objects in it. An object within one of its own type is left out: there would be no end.
    """
    selection = _selection(_returned(_mutations(schema)[field]), resolved)
    return f"mutation (${ARGUMENT}: AWSJSON!) {{ {field}({ARGUMENT}: ${ARGUMENT}) {selection} }}"


def carried(schema: GraphQLSchema, resolved: Collection[str], field: str) -> set[str]:
    """The fields of the published type that a publication by `field` carries."""
    kind = _returned(_mutations(schema)[field])
    return {name for name in kind.fields if _carries(kind, name, resolved)}


def problems(tables: Sequence[Table], schema: GraphQLSchema, resolved: Collection[str]) -> Iterator[str]:
    """What keeps the tables' publish mutations from being deployed, with remedies."""
    mutations = _mutations(schema)
    for table in tables:
        for change, field in table.publish.items():
            if field not in mutations:
                yield (
                    f"table {table.name} publishes {change} by the mutation {field!r}, which the schema does not have. "
                    f"Write `{field}({_WRITE}): <the type of the table's items> @{IAM}` below Mutation. "
                    f"Mutations: {', '.join(sorted(mutations)) or 'none'}."
                )
    for field in fields(tables):
        if field in mutations:
            yield from _problems_of(schema, resolved, field)


def _problems_of(schema: GraphQLSchema, resolved: Collection[str], field: str) -> Iterator[str]:
    mutation_type = schema.mutation_type
    assert mutation_type is not None  # noqa: S101 - it has the field
    definition = mutation_type.fields[field]
    name = f"{mutation_type.name}.{field}"
    if {argument: str(each.type) for argument, each in definition.args.items()} != {ARGUMENT: "AWSJSON!"}:
        takes = ", ".join(f"{argument}: {each.type}" for argument, each in definition.args.items()) or "nothing"
        yield f"{name} takes {takes}; a publish mutation takes the changed item alone: write {field}({_WRITE})."
    if (open_to := modes(mutation_type, field)) != {IAM}:
        yield (
            f"{name} is open to {_listed(open_to)}: clients could tell subscribers of changes that never were. "
            f"Write @{IAM} behind it, and no other such directive."
        )
    if name in resolved:
        yield (
            f"{name} has a resolver in api/resolvers, and a publish mutation gets one that hands the item on and "
            "writes nothing: remove yours, or publish by another mutation."
        )
    if not isinstance(get_nullable_type(definition.type), GraphQLObjectType):
        yield f"{name} returns {definition.type}; a publish mutation returns one object: the type of the table's items."
        return
    if not _selection(_returned(definition), resolved):
        yield (
            f"{name} could tell nothing: every field of {_returned(definition)} has a resolver, needs an argument or "
            f"is closed to IAM. Give the type a field that the table's items hold, open to {OPEN_TO_BOTH}."
        )
    for kind in _types(_returned(definition), resolved):
        if missing := [mode for mode in (CLIENTS, IAM) if mode not in modes(kind)]:
            yield (
                f"{name} publishes the type {kind}, which is closed to {_listed(missing)}: the fan-out calls by "
                f"@{IAM}, and subscribers are told by @{CLIENTS}. Write `type {kind} {OPEN_TO_BOTH}`."
            )


def _listed(directives: Collection[str]) -> str:
    return " and ".join(f"@{each}" for each in sorted(directives))


def _mutations(schema: GraphQLSchema) -> dict[str, GraphQLField]:
    return dict(fields_of(schema.mutation_type))


def _returned(field: GraphQLField) -> GraphQLObjectType:
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    assert isinstance(kind, GraphQLObjectType)  # noqa: S101 - problems() found none
    return kind


def _carries(kind: GraphQLObjectType, field: str, resolved: Collection[str]) -> bool:
    """Whether the item alone, seen by IAM, has an answer. A type that is closed to IAM is refused as a whole."""
    closed = IAM not in modes(kind, field) and IAM in modes(kind)
    needs_argument = any(map(is_required_argument, kind.fields[field].args.values()))
    return not (closed or needs_argument or f"{kind.name}.{field}" in resolved)


_Path = tuple[GraphQLObjectType, ...]  # types, from the outermost object to the one that is looked into


def _selection(kind: GraphQLObjectType, resolved: Collection[str], above: _Path = ()) -> str:
    """Empty where nothing can be selected."""
    selected = []
    for name, inner in _inner_types(kind, resolved, above):
        if not isinstance(inner, GraphQLObjectType):
            selected.append(name)
        elif below := _selection(inner, resolved, (*above, kind)):
            selected.append(f"{name} {below}")
    return f"{{ {' '.join(selected)} }}" if selected else ""


def _types(kind: GraphQLObjectType, resolved: Collection[str], above: _Path = ()) -> list[GraphQLObjectType]:
    """The types that a publication of `kind` selects from, each once."""
    found = {kind.name: kind}
    for _, inner in _inner_types(kind, resolved, above):
        if isinstance(inner, GraphQLObjectType):
            found |= {each.name: each for each in _types(inner, resolved, (*above, kind))}
    return list(found.values())


def _inner_types(
    kind: GraphQLObjectType, resolved: Collection[str], above: _Path
) -> Iterator[tuple[str, GraphQLLeafType | GraphQLObjectType]]:
    """The fields that a publication carries, and what each holds, or is a list of."""
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if not _carries(kind, name, resolved):
            continue
        if isinstance(inner, GraphQLObjectType):
            if inner != kind and inner not in above and len(above) < _DEEPEST:
                yield name, inner
        elif is_leaf_type(inner):
            yield name, inner

"""The mutation by which operators move a region's subscribers elsewhere, added to the schema when it is deployed.

Source: "Unsubscribing WebSocket connections using filters in AWS AppSync" in its Developer Guide.
"""

from collections.abc import Collection, Iterator, Sequence

from graphql import GraphQLObjectType, GraphQLSchema, is_non_null_type
from graphql.language import Node

from components.api_authorization import IAM, MUTATIONS
from components.api_schema import fields_of

MOVE = "antipodesMoveSubscribers"
"""Ends the subscriptions of the field that it is given, in the region where it is called."""

_FIELD = f"{MOVE}(subscription: String!): Boolean @{IAM}"


def subscriptions(schema: GraphQLSchema) -> tuple[str, ...]:
    """The fields, as "Type.field", whose subscribers can be moved: all that there are."""
    kind = schema.subscription_type
    return tuple(f"{kind}.{field}" for field in fields_of(kind))


def problems(schema: GraphQLSchema, resolved: Collection[str]) -> Iterator[str]:
    """What keeps the mutation, or the resolvers of subscriptions, from being added, with remedies.

    Args:
        schema: the user's, without the mutation.
        resolved: the fields that have a resolver of the user's, as "Type.field".
    """
    kind = schema.subscription_type
    if kind is None:
        return
    if MOVE in fields_of(schema.mutation_type):
        yield (
            f"{schema.mutation_type}.{MOVE} has the name of the mutation that is added when the API is deployed, by "
            "which antipodes evacuate moves subscribers to another region: give yours another name."
        )
    if schema.mutation_type is None and MUTATIONS in schema.type_map:
        yield (
            f"the type {MUTATIONS} is not the schema's type of mutations, and {MOVE} is added to one of that name when "
            f"the API is deployed: give yours another name, or write `mutation: {MUTATIONS}` below schema."
        )
    for field, definition in kind.fields.items():
        name = f"{kind.name}.{field}"
        if name in resolved:
            yield (
                f"{name} has a resolver in api/resolvers, and a subscription gets one by which its subscribers can be "
                "moved to another region: remove yours. Who may subscribe is said in region/authorizer (deniedFields)."
            )
        if is_non_null_type(definition.type):
            yield (
                f"{name} is of type {definition.type}, and its resolver has nothing to tell when a subscription "
                f"starts: write {str(definition.type).removesuffix('!')}, which hears of the same mutations."
            )


def with_move(text: str, schema: GraphQLSchema) -> str:
    """The schema `text`, which has no `problems`, with the mutation; as it is where nobody can subscribe.

    Every letter that was written stays. The mutation goes into the type itself: AppSync's guide knows no
    `extend type`.
    """
    if schema.subscription_type is None:
        return text
    if schema.mutation_type is not None:
        return _inserted(text, _with_fields(schema.mutation_type), f"  {_FIELD}\n")
    if schema.ast_node is not None:
        text = _inserted(text, [schema.ast_node], f"  mutation: {MUTATIONS}\n")
    return f"{text.rstrip()}\n\ntype {MUTATIONS} {{\n  {_FIELD}\n}}\n"


def _with_fields(kind: GraphQLObjectType) -> Sequence[Node]:
    nodes = [node for node in (kind.ast_node, *kind.extension_ast_nodes) if node is not None]
    return [node for node in nodes if node.fields]


def _inserted(text: str, nodes: Sequence[Node], line: str) -> str:
    """With a line at the end of the first node's braces, which are the last of what it spans."""
    node = nodes[0]
    assert node.loc is not None  # noqa: S101 - the user's own text is parsed with locations
    end = node.loc.end - 1
    before, after = text[:end], text[end:]
    return before + ("" if before.endswith("\n") else "\n") + line + after

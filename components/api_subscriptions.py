"""Subscriptions that would be deployed, and never hear of anything, or not of what they promise."""

from collections.abc import Collection, Iterator, Mapping

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type
from graphql.language import ListValueNode, StringValueNode

from components.api_authorization import CLIENTS, modes
from components.api_schema import fields_of


def problems(schema: GraphQLSchema, called: Collection[str], carried: Mapping[str, Collection[str]]) -> Iterator[str]:
    """What is wrong with the schema's subscriptions, with remedies.

    Args:
        schema: what declares them.
        called: the mutations that the project itself calls, as clients may not.
        carried: publish mutation -> the fields of its type that a publication carries.
    """
    mutations = fields_of(schema.mutation_type)
    for field, definition in fields_of(schema.subscription_type).items():
        name = f"Subscription.{field}"
        subscribed = _subscribed(definition)
        if not subscribed:
            yield (
                f"{name} names no mutation, so it would never hear of anything: "
                'write @aws_subscribe(mutations: ["..."]) behind it.'
            )
        for mutation in subscribed:
            if mutation in mutations:
                yield from _mismatches(name, definition, mutation, mutations[mutation], carried.get(mutation))
                if mutation not in called and not _clients_may_call(schema, mutation):
                    yield (
                        f"{name} subscribes to the mutation {mutation}, which nothing calls: it is closed to clients, "
                        "and neither tables.yaml nor bus.yaml names it. Name it there, or open it with @aws_lambda."
                    )
            else:
                yield (
                    f"{name} subscribes to the mutation {mutation!r}, which does not exist. "
                    f"Mutations: {', '.join(sorted(mutations)) or 'none'}."
                )


def _mismatches(
    name: str,
    subscription: GraphQLField,
    mutation: str,
    definition: GraphQLField,
    carried: Collection[str] | None,
) -> Iterator[str]:
    told, returned = get_named_type(subscription.type), get_named_type(definition.type)
    if told != returned:
        yield (
            f"{name} is of type {subscription.type}, and the mutation {mutation} that it subscribes to returns "
            f"{definition.type}: give both the same type."
        )
        return
    fields = returned.fields if isinstance(returned, GraphQLObjectType) else {}
    comparable = {each for each, field in fields.items() if is_leaf_type(get_named_type(field.type))}
    if carried is not None:
        comparable &= set(carried)
    for argument in subscription.args:
        if argument not in comparable:
            yield (
                f"{name} has the argument {argument}, and nothing to compare it with: {mutation} tells no such value "
                f"of {returned}. Arguments that filter: {', '.join(sorted(comparable)) or 'none'}."
            )


def _clients_may_call(schema: GraphQLSchema, mutation: str) -> bool:
    return schema.mutation_type is not None and CLIENTS in modes(schema.mutation_type, mutation)


def _subscribed(definition: GraphQLField) -> list[str]:
    """The mutations that the field's @aws_subscribe names."""
    directives = definition.ast_node.directives if definition.ast_node else ()
    values = [
        argument.value
        for directive in directives
        if directive.name.value == "aws_subscribe"
        for argument in directive.arguments
    ]
    return [
        item.value
        for value in values
        for item in (value.values if isinstance(value, ListValueNode) else (value,))
        if isinstance(item, StringValueNode)
    ]

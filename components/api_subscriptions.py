"""Subscriptions that would be deployed, and never hear of anything, or not of what they promise."""

from collections.abc import Collection, Iterator, Mapping

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)
from graphql.language import ListValueNode, StringValueNode

from components.api_authorization import CLIENTS, modes
from components.api_schema import fields_of

_TEXTS = {"ID", "String"}  # one to AppSync's filters, which compare values


def problems(schema: GraphQLSchema, carried: Mapping[str, Collection[str]]) -> Iterator[str]:
    """What is wrong with the schema's subscriptions, with remedies.

    Args:
        schema: what declares them.
        carried: publish mutation -> the fields of its type that a publication carries.
    """
    if schema.subscription_type is None:
        return
    mutations = fields_of(schema.mutation_type)
    for field, definition in schema.subscription_type.fields.items():
        name = f"{schema.subscription_type.name}.{field}"
        if CLIENTS not in (open_to := modes(schema.subscription_type, field)):
            only = " and ".join(f"@{mode}" for mode in sorted(open_to))
            yield (
                f"{name} is open to {only} alone, and clients come in by @{CLIENTS}: nobody could subscribe. "
                f"Write @{CLIENTS} there instead, or nothing, which means the same."
            )
        subscribed = _subscribed(definition)
        if not subscribed:
            yield (
                f"{name} names no mutation, so it would never hear of anything: "
                'write @aws_subscribe(mutations: ["..."]) behind it.'
            )
        for mutation in subscribed:
            if mutation not in mutations:
                yield (
                    f"{name} subscribes to the mutation {mutation!r}, which does not exist. "
                    f"Mutations: {', '.join(sorted(mutations)) or 'none'}."
                )
            elif mutation not in carried:
                yield (
                    f"{name} subscribes to the mutation {mutation}, and would hear of it only in the region where it "
                    f"is called. {_instead(definition, mutations, carried)}"
                )
            else:
                yield from _mismatches(name, definition, mutation, mutations[mutation], carried[mutation])


def _instead(subscription: GraphQLField, mutations: Mapping[str, GraphQLField], publishing: Collection[str]) -> str:
    """How to hear of changes in every region."""
    told = get_named_type(subscription.type)
    fitting = [each for each in sorted(publishing) if get_named_type(mutations[each].type) == told]
    if fitting:
        return f"Subscribe to what publishes {told} in every region: {', '.join(fitting)}."
    return f"Let a table publish {told} (publish: in tables.yaml), and subscribe to the mutation that it publishes by."


def _mismatches(
    name: str,
    subscription: GraphQLField,
    mutation: str,
    definition: GraphQLField,
    carried: Collection[str],
) -> Iterator[str]:
    # One that may be null fits a mutation that never is: the example of "Real-time data" in the AWS AppSync Developer
    # Guide. The other way round, the first null would be an error.
    if str(definition.type) not in (str(subscription.type), f"{subscription.type}!"):
        yield (
            f"{name} is of type {subscription.type}, and the mutation {mutation} that it subscribes to returns "
            f"{definition.type}: give both the same type."
        )
        return
    returned = get_named_type(definition.type)
    fields = returned.fields if isinstance(returned, GraphQLObjectType) else {}
    comparable = {
        each: field for each, field in fields.items() if each in carried and is_leaf_type(get_nullable_type(field.type))
    }
    for argument, each in subscription.args.items():
        if argument not in comparable:
            yield (
                f"{name} has the argument {argument}, and nothing to compare it with: {mutation} tells no such value "
                f"of {returned}. Arguments that filter: {', '.join(sorted(comparable)) or 'none'}."
            )
        elif not _alike(each, comparable[argument]):
            kind = get_named_type(comparable[argument].type)
            yield (
                f"{name} has the argument {argument}: {each.type}, which equals no {returned}.{argument}: "
                f"{comparable[argument].type}. Write {argument}: {kind}."
            )


def _alike(argument: GraphQLArgument, field: GraphQLField) -> bool:
    kinds = {str(each.type).removesuffix("!") for each in (argument, field)}
    return len(kinds) == 1 or kinds == _TEXTS


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

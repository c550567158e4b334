"""Subscriptions as they start: held against the schema and the caller's rights once, so that telling costs little.

Source: "Using subscriptions for real-time data applications in AWS AppSync".
"""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    OperationType,
    get_argument_values,
    get_directive_values,
    get_named_type,
    get_variable_values,
)
from graphql.execution.collect_fields import collect_fields, collect_sub_fields

from sandbox.appsync import projection
from sandbox.appsync.api import Api
from sandbox.appsync.authorization import require_access
from sandbox.appsync.documents import refusal
from sandbox.appsync.errors import FieldError
from sandbox.appsync.projection import TYPENAME, Field
from sandbox.appsync.request import Caller, Request


class RefusedSubscriptionError(Exception):
    """The subscription cannot start; `errors` say why, in AppSync's form."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True)
class Plan:
    """A subscription that can start: what it follows, filters and wants.

    `arguments` are those that the client gave; one that it left out does not filter. Plans of equal `shape` get equal
    payloads of a result.
    """

    mutations: tuple[str, ...]
    arguments: Mapping[str, Any]
    shape: Hashable
    field: Field

    def wants(self, result: Mapping[str, Any]) -> bool:
        """Whether every argument equals the result's field of the same name, of which null is what is not there."""
        return all(_equal(result.get(name), value) for name, value in self.arguments.items())

    def payload(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """What the client gets of a mutation's result, of which fields outside the mutation's selection are null."""
        return projection.payload(self.field, result)


def plan(api: Api, request: Request, caller: Caller) -> Plan:
    """The plan of a subscription operation.

    Raises:
        MalformedRequestError: the query is no GraphQL document, or does not say which operation to run.
        RefusedSubscriptionError: it is no subscription, not valid, or closed to the caller.
    """
    document = api.documents.read(request.query, request.operation_name)
    if document.errors:
        raise RefusedSubscriptionError(list(document.errors))
    operation = document.operation
    if operation.operation is not OperationType.SUBSCRIPTION or api.schema.subscription_type is None:
        raise refused("UnsupportedOperation", f"{operation.operation.value} not supported through the realtime channel")
    variables = get_variable_values(api.schema, operation.variable_definitions or (), request.variables)
    if isinstance(variables, list):
        raise RefusedSubscriptionError([refusal(error.message, error) for error in variables])
    root = api.schema.subscription_type
    compiler = _Compiler(api, caller, document.fragments, variables)
    found = collect_fields(api.schema, document.fragments, variables, root, operation.selection_set)
    if not found:
        raise RefusedSubscriptionError([refusal("A subscription selects a field.")])
    ((key, nodes),) = found.items()  # that there is one alone was validated
    field = compiler.field(root, key, nodes)
    if field.refusal:
        raise refused(str(field.refusal.type), str(field.refusal))
    if (root.name, field.name) in api.resolvers:
        raise refused("NotEmulated", f"The sandbox does not emulate resolvers of subscriptions, as {field.name} has.")
    definition = root.fields[field.name]
    directive = api.schema.get_directive("aws_subscribe")
    named = directive and definition.ast_node and get_directive_values(directive, definition.ast_node)
    try:
        arguments = get_argument_values(definition, nodes[0], variables)
    except GraphQLError as error:
        raise RefusedSubscriptionError([refusal(error.message, error)]) from error
    shape = (api.schema, request.query, request.operation_name, json.dumps(variables, default=str), caller.mode)
    return Plan(tuple((named or {}).get("mutations", ())), arguments, (*shape, caller.denied), field)


def refused(type_: str, message: str) -> RefusedSubscriptionError:
    return RefusedSubscriptionError([{"errorType": type_, "message": message}])


@dataclass(frozen=True)
class _Compiler:
    api: Api
    caller: Caller
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]

    def field(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Field:
        name = nodes[0].name.value
        if name == TYPENAME:
            return Field(key, name, parent.name, GraphQLNonNull(self.api.schema.type_map["String"]), None, None)
        type_ = parent.fields[name].type
        try:
            require_access(self.api, self.caller, parent.name, name)
            refusal_ = None
        except FieldError as error:
            refusal_ = error
        return Field(key, name, parent.name, type_, refusal_, self._below(type_, nodes))

    def _below(self, type_: GraphQLOutputType, nodes: list[FieldNode]) -> "dict[str, tuple[Field, ...]] | None":
        schema, named = self.api.schema, get_named_type(type_)
        if isinstance(named, GraphQLObjectType):
            objects = [named]
        elif isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            objects = schema.get_possible_types(named)
        else:
            return None
        return {
            each.name: tuple(
                self.field(each, key, below)
                for key, below in collect_sub_fields(schema, self.fragments, self.variables, each, nodes).items()
            )
            for each in objects
        }


def _equal(found: Any, wanted: Any) -> bool:
    # True and 1 are equal in Python and nowhere else.
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)

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
from sandbox.appsync.errors import FieldError, field_error
from sandbox.appsync.invalidation import FILTER, Filter, Invalidation, misplaced, read_filter
from sandbox.appsync.javascript import Run
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
    payloads of a result. Without an `invalidation_filter` no mutation ends it.
    """

    mutations: tuple[str, ...]
    arguments: Mapping[str, Any]
    shape: Hashable
    field: Field
    invalidation_filter: Filter | None = None

    def wants(self, result: Mapping[str, Any]) -> bool:
        """Whether every argument equals the result's field of the same name, of which null is what is not there."""
        return all(_equal(result.get(name), value) for name, value in self.arguments.items())

    def can_be_ended_by(self, invalidation: Invalidation) -> bool:
        """Whether the mutation ends it: by the field, and by what its resolver said when it started."""
        filter_ = self.invalidation_filter
        return filter_ is not None and invalidation.field == self.field.name and filter_.meets(invalidation.payload)

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
    definition = root.fields[field.name]
    directive = api.schema.get_directive("aws_subscribe")
    named = directive and definition.ast_node and get_directive_values(directive, definition.ast_node)
    try:
        arguments = get_argument_values(definition, nodes[0], variables)
    except GraphQLError as error:
        raise RefusedSubscriptionError([refusal(error.message, error)]) from error
    shape = (api.schema, request.query, request.operation_name, json.dumps(variables, default=str), caller.mode)
    filter_ = _resolved(api, request, caller, field, arguments)
    return Plan(tuple((named or {}).get("mutations", ())), arguments, (*shape, caller.denied), field, filter_)


def _resolved(api: Api, request: Request, caller: Caller, field: Field, arguments: dict[str, Any]) -> Filter | None:
    """By what the subscription can be ended, which its resolver says, if it has one.

    The field's value in the resolver's answer is told to nobody. What the code sees of `info` has no selection.
    """
    resolver = api.resolvers.get((field.parent, field.name))
    if resolver is None:
        return None
    lacking = resolver.not_emulated or ("a function" if resolver.function_arn else "")
    if lacking:
        raise refused("NotEmulated", f"The sandbox does not emulate resolvers of subscriptions with {lacking}.")
    filters: list[Filter] = []

    def extend(extension: str, argument: Any) -> None:
        if extension != FILTER:
            misplaced(extension, argument)
        filters.append(read_filter(argument))

    info = {"fieldName": field.name, "parentTypeName": field.parent, "variables": request.variables}
    asks = {"headers": dict(request.headers), "domainName": request.domain_name}
    context = {"arguments": arguments, "identity": caller.identity, "source": None, "request": asks, "prev": None}
    run = Run(resolver.code, {**context, "info": info, "stash": {}}, _no_headers, extend)
    try:
        asked = run.request()
        run.response(asked.get("payload") if isinstance(asked, dict) else None)
    except FieldError as error:
        raise RefusedSubscriptionError([field_error(error, [field.key], None)]) from error
    return filters[-1] if filters else None  # the documentation does not say which of several holds


def _no_headers(name: str, _value: Any) -> None:
    raise FieldError("Code", f"A subscription has no answer that could have the header {name}.")


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

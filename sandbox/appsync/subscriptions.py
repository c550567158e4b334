"""Who is told of what: subscriptions, the mutations that they follow, and what each one gets of a result.

Source: "Using subscriptions for real-time data applications in AWS AppSync".
"""

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
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

from sandbox.appsync.api import Api
from sandbox.appsync.authorization import require_access
from sandbox.appsync.documents import refusal
from sandbox.appsync.errors import FieldError, field_error, null_error
from sandbox.appsync.request import Caller, Request

_TYPENAME = "__typename"

Key = tuple[str, str]


class RefusedSubscriptionError(Exception):
    """The subscription cannot start; `errors` say why, in AppSync's form."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True)
class _Field:
    """A field of a selection; `below` has, by the name of an object type, what is selected of it."""

    key: str
    name: str
    parent: str
    type: GraphQLOutputType
    refusal: FieldError | None
    below: "Mapping[str, tuple[_Field, ...]] | None"


@dataclass(frozen=True)
class Plan:
    """A subscription that can start: what it follows, filters and wants.

    `arguments` are those that the client gave; one that it left out does not filter. Plans of equal `shape` get equal
    payloads of a result.
    """

    mutations: tuple[str, ...]
    arguments: Mapping[str, Any]
    shape: Hashable
    field: _Field

    def wants(self, result: Mapping[str, Any]) -> bool:
        """Whether every argument equals the result's field of the same name, of which null is what is not there."""
        return all(_equal(result.get(name), value) for name, value in self.arguments.items())

    def payload(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """What the client gets of a mutation's result, of which fields outside the mutation's selection are null."""
        errors: list[dict[str, Any]] = []
        value = _value(self.field, self.field.type, result, [self.field.key], errors)
        data = None if value is _BROKEN else {self.field.key: value}
        return {"data": data, "errors": errors} if errors else {"data": data}


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
    shape = (id(api.schema), request.query, request.operation_name, json.dumps(variables, default=str), caller.mode)
    return Plan(tuple((named or {}).get("mutations", ())), arguments, (*shape, caller.denied), field)


def refused(type_: str, message: str) -> RefusedSubscriptionError:
    return RefusedSubscriptionError([{"errorType": type_, "message": message}])


@dataclass(frozen=True)
class _Compiler:
    api: Api
    caller: Caller
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]

    def field(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> _Field:
        name = nodes[0].name.value
        if name == _TYPENAME:
            return _Field(key, name, parent.name, GraphQLNonNull(self.api.schema.type_map["String"]), None, None)
        type_ = parent.fields[name].type
        try:
            require_access(self.api, self.caller, parent.name, name)
            refusal_ = None
        except FieldError as error:
            refusal_ = error
        return _Field(key, name, parent.name, type_, refusal_, self._below(type_, nodes))

    def _below(self, type_: GraphQLOutputType, nodes: list[FieldNode]) -> "dict[str, tuple[_Field, ...]] | None":
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


class _Broken:
    """A null that a non-null type does not allow; it is reported, and makes null what contains it."""


_BROKEN = _Broken()


def _value(
    field: _Field, type_: GraphQLOutputType, value: Any, path: list[str | int], errors: list[dict[str, Any]]
) -> Any:
    if not isinstance(type_, GraphQLNonNull):
        nullable = _nullable(field, type_, value, path, errors)
        return None if nullable is _BROKEN else nullable
    found = _nullable(field, type_.of_type, value, path, errors)
    if found is None:
        errors.append(null_error(str(type_.of_type), field.parent, path))
        return _BROKEN
    return found


def _nullable(
    field: _Field, type_: GraphQLOutputType, value: Any, path: list[str | int], errors: list[dict[str, Any]]
) -> Any:
    if value is None or (field.below is None and not isinstance(type_, GraphQLList)):
        return value
    if isinstance(type_, GraphQLList):
        items = [_value(field, type_.of_type, item, [*path, n], errors) for n, item in enumerate(value)]
        return _BROKEN if any(item is _BROKEN for item in items) else items
    return _object(field, value, path, errors)


def _object(field: _Field, value: Mapping[str, Any], path: list[str | int], errors: list[dict[str, Any]]) -> Any:
    below = field.below or {}
    # Where the type is open, it is what the mutation selected of it.
    name = next(iter(below)) if len(below) == 1 else str(value.get(_TYPENAME))
    data: dict[str, Any] = {}
    for each in below.get(name, ()):
        where = [*path, each.key]
        if each.refusal:
            errors.append(field_error(each.refusal, where, None))
            data[each.key] = _BROKEN if isinstance(each.type, GraphQLNonNull) else None
        else:
            own = name if each.name == _TYPENAME else value.get(each.name)
            data[each.key] = _value(each, each.type, own, where, errors)
    return _BROKEN if any(item is _BROKEN for item in data.values()) else data


def _equal(found: Any, wanted: Any) -> bool:
    # True and 1 are equal in Python and nowhere else.
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)


Deliver = Callable[[str], None]


class Registry:
    """The subscriptions of all APIs, by their region and id."""

    def __init__(self) -> None:
        self._followers: dict[tuple[Key, str], dict[Subscription, None]] = {}

    def add(self, subscription: "Subscription") -> None:
        for mutation in subscription.plan.mutations:
            self._followers.setdefault((subscription.api, mutation), {})[subscription] = None

    def remove(self, subscription: "Subscription") -> None:
        for mutation in subscription.plan.mutations:
            followers = self._followers[subscription.api, mutation]
            followers.pop(subscription, None)
            if not followers:
                del self._followers[subscription.api, mutation]

    def publish(self, api: Key, mutation: str, result: Mapping[str, Any]) -> None:
        """Tells each subscription whose arguments fit; payloads that are the same are made once."""
        payloads: dict[Hashable, str] = {}
        for subscription in list(self._followers.get((api, mutation), ())):
            plan_ = subscription.plan
            if plan_.wants(result):
                payload = payloads.get(plan_.shape)
                if payload is None:
                    payload = json.dumps(plan_.payload(result), ensure_ascii=False, separators=(",", ":"))
                    payloads[plan_.shape] = payload
                subscription.deliver(payload)


@dataclass(frozen=True, eq=False)
class Subscription:
    """One started subscription; `deliver` gets each payload as JSON, and must not block."""

    api: Key
    plan: Plan
    deliver: Deliver

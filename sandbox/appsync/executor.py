"""Executes GraphQL operations as AppSync does: fields that have a resolver by it, all others from their parent."""

import re
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, OperationType, execute

from sandbox.appsync.api import Api
from sandbox.appsync.authorization import require_access
from sandbox.appsync.documents import locations, refusal
from sandbox.appsync.errors import FieldError, field_error, null_error
from sandbox.appsync.invalidation import INVALIDATE, MOST_A_REQUEST, Invalidation, misplaced, read_invalidation
from sandbox.appsync.lambda_authorizer import Invoke
from sandbox.appsync.request import Caller, Request
from sandbox.appsync.resolution import resolve
from sandbox.appsync.response_headers import ResponseHeaders
from sandbox.appsync.selection import selected, selection_set_graphql, selection_set_list

_MOST_RESOLVERS = 10_000  # a resolverCountLimit of 0 means this
_NULL_IN_NON_NULL = re.compile(r"Cannot return null for non-nullable field (\w+)\.(\w+)\.")


@dataclass(frozen=True)
class Outcome:
    """What an operation came to: the body of AppSync's answer, the headers that resolvers gave it, and what subscribers
    are told.

    `changes` holds each field of a mutation that has a value, in order, and of that value what was selected, by the
    names of the fields. `invalidations` are the subscriptions that resolvers of a mutation end.
    """

    body: dict[str, Any]
    headers: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, dict[str, Any]], ...] = ()
    invalidations: tuple[Invalidation, ...] = ()


async def run(api: Api, request: Request, caller: Caller, invoke: Invoke) -> Outcome:
    """Executes the request's operation.

    Raises:
        MalformedRequestError: the query is no GraphQL document, or does not say which operation to run.
    """
    document = api.documents.read(request.query, request.operation_name)
    if document.errors:
        return Outcome({"data": None, "errors": list(document.errors)})
    kind = document.operation.operation
    if kind is OperationType.SUBSCRIPTION:
        refused = refusal("Subscriptions are served over WebSocket, not in answer to an HTTP request.")
        return Outcome({"data": None, "errors": [refused]})
    execution = _Execution(api, request, caller, invoke)
    result = execute(
        api.schema,
        document.tree,
        variable_values=request.variables,
        operation_name=request.operation_name,
        field_resolver=execution.resolve,
    )
    outcome = await result if isinstance(result, Awaitable) else result
    body: dict[str, Any] = {"data": outcome.data}
    errors = [*(outcome.errors or ()), *execution.refused_headers]
    if errors:
        body["errors"] = [_error(error, api.schema) for error in errors]
    headers = execution.headers.pairs
    if kind is not OperationType.MUTATION:
        return Outcome(body, headers)
    values = selected(document.operation, document.fragments, outcome.data or {})
    changes = tuple((name, value) for name, value in values if isinstance(value, dict))
    return Outcome(body, headers, changes, tuple(execution.invalidations))


@dataclass
class _Execution:
    """One request's execution; counts the resolvers that it runs, and keeps what they do beside giving values."""

    api: Api
    request: Request
    caller: Caller
    invoke: Invoke
    resolved: int = 0
    headers: ResponseHeaders = field(default_factory=ResponseHeaders)
    refused_headers: list[GraphQLError] = field(default_factory=list)
    invalidations: list[Invalidation] = field(default_factory=list)

    def resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        parent, name = info.parent_type.name, info.field_name
        require_access(self.api, self.caller, parent, name)
        resolver = self.api.resolvers.get((parent, name))
        if resolver is None:
            return source.get(name) if isinstance(source, dict) else None
        self.resolved += 1
        limit = self.api.configuration.get("resolverCountLimit") or _MOST_RESOLVERS
        if self.resolved > limit:
            raise FieldError("ResolverCountLimitExceeded", f"The request runs more than {limit} resolvers.")

        def add_header(header: str, value: Any) -> None:
            try:
                self.headers.add(header, value)
            except FieldError as error:
                where: dict[str, Any] = {"nodes": info.field_nodes, "path": info.path.as_list()}
                self.refused_headers.append(GraphQLError(str(error), **where, original_error=error))

        extend = self._invalidate if info.parent_type is self.api.schema.mutation_type else misplaced
        return resolve(resolver, self._context(source, info, arguments), self.invoke, add_header, extend)

    def _invalidate(self, extension: str, argument: Any) -> None:
        if extension != INVALIDATE:
            misplaced(extension, argument)
        asked = read_invalidation(argument)
        subscriptions = self.api.schema.subscription_type
        if subscriptions is None or asked.field not in subscriptions.fields:
            # Of what AppSync does then, the documentation does not speak.
            raise FieldError("Code", f"extensions.{INVALIDATE} names no subscription: {asked.field}.")
        if asked not in self.invalidations:
            if len(self.invalidations) == MOST_A_REQUEST:
                raise FieldError("Code", f"A request calls extensions.{INVALIDATE} at most {MOST_A_REQUEST} times.")
            self.invalidations.append(asked)

    def _context(self, source: Any, info: GraphQLResolveInfo, arguments: dict[str, Any]) -> dict[str, Any]:
        """What a direct Lambda resolver gets: AppSync's whole context object."""
        return {
            "arguments": arguments,
            "identity": self.caller.identity,
            "source": source,
            "request": {"headers": dict(self.request.headers), "domainName": self.request.domain_name},
            "prev": None,
            "info": {
                "fieldName": info.field_name,
                "parentTypeName": info.parent_type.name,
                "variables": self.request.variables,
                "selectionSetList": selection_set_list(info),
                "selectionSetGraphQL": selection_set_graphql(info),
            },
            "stash": {},
        }


def _error(error: GraphQLError, schema: GraphQLSchema) -> dict[str, Any]:
    cause = error.original_error
    if isinstance(cause, FieldError):
        return field_error(cause, error.path, locations(error))
    null = _NULL_IN_NON_NULL.fullmatch(error.message)
    if null and error.path:
        parent, name = null.groups()
        type_ = schema.type_map[parent].fields[name].type.of_type  # type: ignore[attr-defined]
        return null_error(str(type_), parent, error.path)
    return {"path": error.path, "locations": locations(error), "message": error.message}

"""Executes GraphQL operations as AppSync does: fields that have a resolver by it, all others from their parent."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from sandbox.appsync.api import Api, Resolver
from sandbox.appsync.request import Caller, Request
from sandbox.appsync.selection import depth, selection_set_graphql, selection_set_list
from sandbox.lambda_runtime import FunctionError, NotEmulatedError

Invoke = Callable[[str, dict[str, Any]], Awaitable[Any]]

_RESOLVER_SECONDS = 30.0  # "AWS AppSync endpoints and quotas": request execution time
_MOST_RESOLVERS = 10_000  # a resolverCountLimit of 0 means this
_NULL_IN_NON_NULL = re.compile(r"Cannot return null for non-nullable field (\w+)\.(\w+)\.")


class MalformedRequestError(Exception):
    """The request cannot be executed at all; the message is AppSync's."""


async def run(api: Api, request: Request, caller: Caller, invoke: Invoke) -> dict[str, Any]:
    """The body of AppSync's answer: data, and errors where there are any.

    Raises:
        MalformedRequestError: the query is no GraphQL document, or does not say which operation to run.
    """
    try:
        document = parse(request.query)
    except GraphQLError as error:
        raise MalformedRequestError("Unable to parse GraphQL query.") from error
    operation = get_operation_ast(document, request.operation_name)
    if operation is None:
        raise MalformedRequestError(
            f"Unknown operation named {request.operation_name!r}."
            if request.operation_name
            else "Must provide operation name if query contains multiple operations."
        )
    refused = _refused(api, document, operation)
    if refused:
        return {"data": None, "errors": refused}
    result = execute(
        api.schema,
        document,
        variable_values=request.variables,
        operation_name=request.operation_name,
        field_resolver=_Execution(api, request, caller, invoke).resolve,
    )
    outcome = await result if isinstance(result, Awaitable) else result
    answer: dict[str, Any] = {"data": outcome.data}
    if outcome.errors:
        answer["errors"] = [_error(error, api.schema) for error in outcome.errors]
    return answer


def _refused(api: Api, document: DocumentNode, operation: OperationDefinitionNode) -> list[dict[str, Any]]:
    rules = list(specified_rules)
    if api.configuration.get("introspectionConfig") == "DISABLED":
        rules.append(NoSchemaIntrospectionCustomRule)
    errors = validate(api.schema, document, rules)
    if errors:
        return [
            {"path": None, "locations": _locations(error), "message": f"Validation error: {error.message}"}
            for error in errors
        ]
    limit = api.configuration.get("queryDepthLimit") or 0
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    deep = depth(operation.selection_set, fragments)
    if limit and deep > limit:
        return [_refusal(f"Query depth exceeded: the query is {deep} levels deep, the API allows {limit}.")]
    if operation.operation is OperationType.SUBSCRIPTION:
        return [_refusal("Subscriptions are served over WebSocket, not in answer to an HTTP request.")]
    return []


def _refusal(message: str) -> dict[str, Any]:
    return {"path": None, "locations": None, "message": message}


class _FieldError(Exception):
    """A field's error in AppSync's own words."""

    def __init__(self, type_: str, message: str) -> None:
        super().__init__(message)
        self.type = type_


@dataclass
class _Execution:
    """One request's execution; counts the resolvers that it runs."""

    api: Api
    request: Request
    caller: Caller
    invoke: Invoke
    resolved: int = field(default=0)

    def resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        parent, name = info.parent_type.name, info.field_name
        if f"{parent}.{name}" in self.caller.denied:
            raise _FieldError("Unauthorized", f"Not Authorized to access {name} on type {parent}")
        resolver = self.api.resolvers.get((parent, name))
        if resolver is None:
            return source.get(name) if isinstance(source, dict) else None
        self.resolved += 1
        limit = self.api.configuration.get("resolverCountLimit") or _MOST_RESOLVERS
        if self.resolved > limit:
            raise _FieldError("ResolverCountLimitExceeded", f"The request runs more than {limit} resolvers.")
        return self._run(resolver, self._context(source, info, arguments))

    async def _run(self, resolver: Resolver, context: dict[str, Any]) -> Any:
        if resolver.not_emulated:
            raise _FieldError("NotEmulated", f"The sandbox does not emulate resolvers with {resolver.not_emulated}.")
        try:
            async with asyncio.timeout(_RESOLVER_SECONDS):
                return await self.invoke(resolver.function_arn, context)
        except FunctionError as error:
            raise _FieldError("Lambda:Unhandled", str(error.payload.get("errorMessage"))) from error
        except ClientError as error:
            raise _FieldError(
                f"Lambda:{error.response['Error']['Code']}", error.response["Error"]["Message"]
            ) from error
        except NotEmulatedError as error:
            raise _FieldError("NotEmulated", str(error)) from error
        except TimeoutError as error:
            raise _FieldError("ExecutionTimeout", "Execution timed out.") from error

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
    if isinstance(cause, _FieldError):
        return {
            "path": error.path,
            "data": None,
            "errorType": cause.type,
            "errorInfo": None,
            "locations": _locations(error),
            "message": str(cause),
        }
    null = _NULL_IN_NON_NULL.fullmatch(error.message)
    if null and error.path:
        parent, name = null.groups()
        type_ = schema.type_map[parent].fields[name].type.of_type  # type: ignore[attr-defined]
        path = "/".join(map(str, error.path))
        message = f"Cannot return null for non-nullable type: '{type_}' within parent '{parent}' (/{path})"
        return {"path": error.path, "locations": None, "message": message}
    return {"path": error.path, "locations": _locations(error), "message": error.message}


def _locations(error: GraphQLError) -> list[dict[str, Any]] | None:
    return [{"line": place.line, "column": place.column, "sourceName": None} for place in error.locations or []] or None

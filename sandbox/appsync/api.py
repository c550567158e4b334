"""An API as it takes requests: read from AppSync's configuration, schema and resolvers included."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema

from sandbox.appsync.schema import build
from sandbox.aws import Clients


@dataclass(frozen=True)
class Resolver:
    """What resolves a field; `not_emulated` names what of it the sandbox lacks, or is empty."""

    function_arn: str
    not_emulated: str


@dataclass(frozen=True)
class Api:
    """One API in one region; `configuration` is AppSync's GraphqlApi."""

    id: str
    account: str
    configuration: dict[str, Any]
    schema: GraphQLSchema
    resolvers: dict[tuple[str, str], Resolver]


def load(clients: Clients, region: str, api_id: str) -> Api:
    """Reads everything that a request needs.

    Raises:
        botocore.exceptions.ClientError: there is no such API, or it has no schema.
        graphql.GraphQLError: its schema is not valid.
    """
    appsync = clients("appsync", region)
    configuration = appsync.get_graphql_api(apiId=api_id)["graphqlApi"]
    schema = build(appsync.get_introspection_schema(apiId=api_id, format="SDL")["schema"].read().decode())
    sources = {
        source["name"]: source
        for page in appsync.get_paginator("list_data_sources").paginate(apiId=api_id)
        for source in page["dataSources"]
    }
    resolvers = {
        (kind, item["fieldName"]): _resolver(item, sources)
        for kind, definition in schema.type_map.items()
        if isinstance(definition, GraphQLObjectType) and not kind.startswith("__")
        for page in appsync.get_paginator("list_resolvers").paginate(apiId=api_id, typeName=kind)
        for item in page["resolvers"]
    }
    return Api(api_id, configuration["arn"].split(":")[4], configuration, schema, resolvers)


def _resolver(resolver: dict[str, Any], sources: dict[str, dict[str, Any]]) -> Resolver:
    source = sources.get(resolver.get("dataSourceName") or "", {})
    lacking = []
    if resolver.get("kind", "UNIT") != "UNIT":
        lacking.append(f"the kind {resolver['kind']}")
    if resolver.get("runtime") or resolver.get("requestMappingTemplate") or resolver.get("responseMappingTemplate"):
        lacking.append("code or mapping templates")
    if resolver.get("maxBatchSize"):
        lacking.append("batching")
    if resolver.get("cachingConfig", {}).get("ttl"):
        lacking.append("caching")
    if source.get("type") != "AWS_LAMBDA":
        lacking.append(f"the data source type {source.get('type')}")
    return Resolver(source.get("lambdaConfig", {}).get("lambdaFunctionArn", ""), " and ".join(lacking))

"""An API as it takes requests: read from AppSync's configuration, schema and resolvers included."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema

from sandbox.appsync.directives import Audiences, audiences
from sandbox.appsync.documents import Documents
from sandbox.appsync.schema import build
from sandbox.aws import Clients
from sandbox.control_plane import ControlPlane


@dataclass(frozen=True)
class Resolver:
    """What resolves a field: a function, code with no data source (NONE), or code around a function.

    `not_emulated` names what of it the sandbox lacks, or is empty.
    """

    function_arn: str
    code: str
    not_emulated: str


@dataclass(frozen=True)
class Api:
    """One API in one region, in one state; `configuration` is AppSync's GraphqlApi."""

    id: str
    account: str
    region: str
    configuration: dict[str, Any]
    schema: GraphQLSchema
    resolvers: dict[tuple[str, str], Resolver]
    audiences: Audiences
    documents: Documents

    @property
    def root_types(self) -> frozenset[str]:
        """The names of the types for queries, mutations and subscriptions."""
        roots = (self.schema.query_type, self.schema.mutation_type, self.schema.subscription_type)
        return frozenset(root.name for root in roots if root)


async def read(control_plane: ControlPlane, region: str, api_id: str) -> Api:
    """Everything that a request needs, in the API's present state.

    Raises:
        botocore.exceptions.ClientError: there is no such API, or it has no schema.
        graphql.GraphQLError: its schema is not valid.
    """
    return await control_plane.read(
        "appsync", ("api", region, api_id), lambda: _load(control_plane.clients, region, api_id)
    )


def _load(clients: Clients, region: str, api_id: str) -> Api:
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
    return Api(
        id=api_id,
        account=configuration["arn"].split(":")[4],
        region=region,
        configuration=configuration,
        schema=schema,
        resolvers=resolvers,
        audiences=audiences(schema, configuration["authenticationType"]),
        documents=Documents(schema, configuration),
    )


def _resolver(resolver: dict[str, Any], sources: dict[str, dict[str, Any]]) -> Resolver:
    source = sources.get(resolver.get("dataSourceName") or "", {})
    kind, runtime = source.get("type"), resolver.get("runtime", {}).get("name")
    lacking = []
    if resolver.get("kind", "UNIT") != "UNIT":
        lacking.append(f"the kind {resolver['kind']}")
    if resolver.get("requestMappingTemplate") or resolver.get("responseMappingTemplate"):
        lacking.append("mapping templates")
    if resolver.get("maxBatchSize"):
        lacking.append("batching")
    if resolver.get("cachingConfig", {}).get("ttl"):
        lacking.append("caching")
    if kind not in ("AWS_LAMBDA", "NONE"):
        lacking.append(f"the data source type {kind}")
    if runtime not in (None, "APPSYNC_JS"):
        lacking.append(f"the runtime {runtime}")
    if kind == "NONE" and runtime != "APPSYNC_JS":
        lacking.append("a data source NONE without code for APPSYNC_JS")
    return Resolver(
        function_arn=source.get("lambdaConfig", {}).get("lambdaFunctionArn", ""),
        code=resolver.get("code", ""),
        not_emulated=" and ".join(lacking),
    )

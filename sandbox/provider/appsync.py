"""AppSync: GraphQL APIs, their data sources and resolvers, and their custom domain names."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from sandbox.provider.fields import Change, Field, Many, Mapping, outputs, shape
from sandbox.provider.resource import (
    IDENTITY,
    IDENTITY_TAG,
    Aws,
    Properties,
    Resource,
    ResourceError,
    found,
    identity_tag,
    remove,
    tag_changes,
    touched,
    wait_until,
    without_identity,
)

_LAMBDA_AUTHORIZER = shape(
    Field("authorizerUri", "authorizerUri"),
    Field("authorizerResultTtlInSeconds", "authorizerResultTtlInSeconds", default=300),
    Field("identityValidationExpression", "identityValidationExpression"),
)
_USER_POOL = (
    Field("userPoolId", "userPoolId"),
    Field("awsRegion", "awsRegion", computed=True),
    Field("appIdClientRegex", "appIdClientRegex"),
)
_OPENID = shape(
    Field("issuer", "issuer"),
    Field("clientId", "clientId"),
    Field("authTtl", "authTTL"),
    Field("iatTtl", "iatTTL"),
)


class GraphQLApi(Resource):
    """An API with its schema, told from others of its name by a tag that its properties never show."""

    token = "aws:appsync/graphQLApi:GraphQLApi"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "name"),
        Field("authenticationType", "authenticationType"),
        Field("schema"),
        Field("lambdaAuthorizerConfig", "lambdaAuthorizerConfig", _LAMBDA_AUTHORIZER),
        Field("userPoolConfig", "userPoolConfig", shape(*_USER_POOL, Field("defaultAction", "defaultAction"))),
        Field("openidConnectConfig", "openIDConnectConfig", _OPENID),
        Field(
            "additionalAuthenticationProviders",
            "additionalAuthenticationProviders",
            Many(
                shape(
                    Field("authenticationType", "authenticationType"),
                    Field("lambdaAuthorizerConfig", "lambdaAuthorizerConfig", _LAMBDA_AUTHORIZER),
                    Field("userPoolConfig", "userPoolConfig", shape(*_USER_POOL)),
                    Field("openidConnectConfig", "openIDConnectConfig", _OPENID),
                )
            ),
            default=[],
        ),
        Field(
            "logConfig",
            "logConfig",
            shape(
                Field("cloudwatchLogsRoleArn", "cloudWatchLogsRoleArn"),
                Field("fieldLogLevel", "fieldLogLevel"),
                Field("excludeVerboseContent", "excludeVerboseContent", default=False),
            ),
        ),
        Field("xrayEnabled", "xrayEnabled", default=False),
        Field("introspectionConfig", "introspectionConfig", default="ENABLED"),
        Field("queryDepthLimit", "queryDepthLimit", default=0),
        Field("resolverCountLimit", "resolverCountLimit", default=0),
        Field("apiType", "apiType", default="GRAPHQL", replaces=True),
        Field("visibility", "visibility", default="GLOBAL", replaces=True),
        Field("tags", "tags", Mapping(), default={}),
        *outputs("arn", "uris"),
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = self.shape.encode({**inputs, "tags": identity_tag(inputs)})
        return str(aws("appsync").create_graphql_api(**wanted)["graphqlApi"]["apiId"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        if "schema" in inputs:
            self._load_schema(aws, id_, inputs["schema"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("appsync").get_graphql_api, apiId=id_)
        if answer is None:
            return None
        api = answer["graphqlApi"]
        return self.shape.decode(api) | {
            "region": aws.region,
            "arn": api["arn"],
            "uris": api["uris"],
            "tags": without_identity(api.get("tags", {})),
            "schema": self._schema(aws, id_),
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        api = aws("appsync")
        if any(not touched({path: change}, "schema", "tags") for path, change in changes.items()):
            wanted = self.shape.encode(inputs)
            kept = {key: value for key, value in wanted.items() if key not in _ONLY_AT_CREATION}
            api.update_graphql_api(apiId=id_, **kept)
        if touched(changes, "schema") and "schema" in inputs:
            self._load_schema(aws, id_, inputs["schema"])
        if touched(changes, "tags"):
            present = api.get_graphql_api(apiId=id_)["graphqlApi"]
            added, removed = tag_changes(present.get("tags", {}), inputs.get("tags", {}))
            if removed:
                api.untag_resource(resourceArn=present["arn"], tagKeys=removed)
            if added:
                api.tag_resource(resourceArn=present["arn"], tags=added)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("appsync").delete_graphql_api, apiId=id_)

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        for page in aws("appsync").get_paginator("list_graphql_apis").paginate():
            for api in page["graphqlApis"]:
                if api.get("tags", {}).get(IDENTITY_TAG) == inputs[IDENTITY]:
                    return str(api["apiId"])
        return None

    @staticmethod
    def _schema(aws: Aws, id_: str) -> str:
        try:
            answer = aws("appsync").get_introspection_schema(apiId=id_, format="SDL")
        except aws("appsync").exceptions.GraphQLSchemaException:
            return ""  # the API has none
        return str(answer["schema"].read().decode())

    @staticmethod
    def _load_schema(aws: Aws, id_: str, schema: str) -> None:
        api = aws("appsync")
        api.start_schema_creation(apiId=id_, definition=schema.encode())

        def is_loaded() -> bool:
            state = api.get_schema_creation_status(apiId=id_)
            if state["status"] == "FAILED":
                raise ResourceError(f"AppSync refuses the schema: {state.get('details')}")
            return bool(state["status"] in ("ACTIVE", "SUCCESS"))

        wait_until(is_loaded, f"the schema of {id_} is loaded")


_ONLY_AT_CREATION = ("apiType", "visibility", "tags")


class DataSource(Resource):
    """What an API's resolvers ask."""

    token = "aws:appsync/dataSource:DataSource"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("apiId", "apiId", replaces=True),
        Field("name", "name", replaces=True),
        Field("type", "type"),
        Field("description", "description", default=""),
        Field("serviceRoleArn", "serviceRoleArn"),
        Field("lambdaConfig", "lambdaConfig", shape(Field("functionArn", "lambdaFunctionArn"))),
        Field(
            "dynamodbConfig",
            "dynamodbConfig",
            shape(
                Field("tableName", "tableName"),
                Field("region", "awsRegion"),
                Field("useCallerCredentials", "useCallerCredentials", default=False),
                Field("versioned", "versioned", default=False),
            ),
        ),
        Field("httpConfig", "httpConfig", shape(Field("endpoint", "endpoint"))),
        *outputs("arn"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return f"{inputs['apiId']}-{inputs['name']}"

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("appsync").create_data_source(**self.shape.encode(inputs))
        return str(self.identity(inputs))

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        api, _, name = id_.partition("-")
        answer = found(aws("appsync").get_data_source, apiId=api, name=name)
        if answer is None:
            return None
        source = answer["dataSource"]
        return self.shape.decode(source) | {
            "region": aws.region,
            "apiId": api,
            "arn": source["dataSourceArn"],
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        aws("appsync").update_data_source(**self.shape.encode(inputs))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        api, _, name = id_.partition("-")
        remove(aws("appsync").delete_data_source, apiId=api, name=name)


class Resolver(Resource):
    """What answers a field of an API's schema."""

    token = "aws:appsync/resolver:Resolver"
    shape = shape(
        Field("region", replaces=True),
        Field("apiId", "apiId", replaces=True),
        Field("type", "typeName", replaces=True),
        Field("field", "fieldName", replaces=True),
        Field("dataSource", "dataSourceName"),
        Field("kind", "kind", default="UNIT"),
        Field("requestTemplate", "requestMappingTemplate"),
        Field("responseTemplate", "responseMappingTemplate"),
        Field("code", "code"),
        Field("runtime", "runtime", shape(Field("name", "name"), Field("runtimeVersion", "runtimeVersion"))),
        Field("maxBatchSize", "maxBatchSize", default=0),
        Field("pipelineConfig", "pipelineConfig", shape(Field("functions", "functions", Many()))),
        *outputs("arn"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return f"{inputs['apiId']}-{inputs['type']}-{inputs['field']}"

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("appsync").create_resolver(**self.shape.encode(inputs))
        return str(self.identity(inputs))

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        api, kind, field = id_.split("-")
        answer = found(aws("appsync").get_resolver, apiId=api, typeName=kind, fieldName=field)
        if answer is None:
            return None
        resolver = answer["resolver"]
        return self.shape.decode(resolver) | {
            "region": aws.region,
            "apiId": api,
            "arn": resolver["resolverArn"],
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        aws("appsync").update_resolver(**self.shape.encode(inputs))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        api, kind, field = id_.split("-")
        remove(aws("appsync").delete_resolver, apiId=api, typeName=kind, fieldName=field)


class DomainName(Resource):
    """A custom domain name of AppSync's."""

    token = "aws:appsync/domainName:DomainName"
    shape = shape(
        Field("region", replaces=True),
        Field("domainName", "domainName", replaces=True),
        Field("certificateArn", "certificateArn", replaces=True),
        Field("description", "description", default=""),
        *outputs("appsyncDomainName", "hostedZoneId"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["domainName"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        answer = aws("appsync").create_domain_name(**self.shape.encode(inputs))
        return str(answer["domainNameConfig"]["domainName"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("appsync").get_domain_name, domainName=id_)
        if answer is None:
            return None
        domain = answer["domainNameConfig"]
        return self.shape.decode(domain) | {
            "region": aws.region,
            "appsyncDomainName": domain["appsyncDomainName"],
            "hostedZoneId": domain["hostedZoneId"],
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        aws("appsync").update_domain_name(domainName=id_, description=inputs.get("description", ""))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("appsync").delete_domain_name, domainName=id_)


class DomainNameApiAssociation(Resource):
    """The API that a custom domain name leads to."""

    token = "aws:appsync/domainNameApiAssociation:DomainNameApiAssociation"
    shape = shape(
        Field("region", replaces=True),
        Field("domainName", "domainName", replaces=True),
        Field("apiId", "apiId"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["domainName"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        if (present := self.read(aws, inputs["domainName"], inputs)) is not None:
            # AssociateApi would move the domain to this API, and so take it from the other.
            raise ResourceError(f"{inputs['domainName']} is already associated with API {present['apiId']}")
        aws("appsync").associate_api(**self.shape.encode(inputs))
        return str(inputs["domainName"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        self._settle(aws, id_)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("appsync").get_api_association, domainName=id_)
        if answer is None:
            return None
        return self.shape.decode(answer["apiAssociation"]) | {"region": aws.region}

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        aws("appsync").associate_api(**self.shape.encode(inputs))
        self._settle(aws, id_)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("appsync").disassociate_api, domainName=id_)

    @staticmethod
    def _settle(aws: Aws, domain: str) -> None:
        def is_associated() -> bool:
            state = aws("appsync").get_api_association(domainName=domain)["apiAssociation"]
            if state["associationStatus"] == "FAILED":
                raise ResourceError(f"{domain} could not be associated: {state.get('deploymentDetail')}")
            return bool(state["associationStatus"] == "SUCCESS")

        wait_until(is_associated, f"{domain} is associated with its API")

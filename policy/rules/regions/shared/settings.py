"""The settings that counterparts in different regions share: what makes one region answer as the others do.

What has to differ is not among them (names, hosts, ARNs), nor what other rules judge by itself.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from ...shared.code import FUNCTION
from ...shared.known import UNKNOWN, NotKnownError, Properties
from ...shared.stack import Resource
from .deployment import GRAPHQL_API
from .streams import MAPPING, TABLE


@dataclass(frozen=True)
class Setting:
    """A property that counterparts share.

    Attributes:
        path: of the property.
        default: what AWS takes where the program says nothing.
        seen: what of the value is to be the same.
    """

    path: str
    default: Any = None
    seen: Callable[[Any], Any] = lambda value: value

    def of(self, resource: Resource) -> Any:
        """What `resource` has.

        Raises:
            NotKnownError: only the deployment will tell.
        """
        *outer, last = self.path.split(".")
        props: Properties | None = resource
        for key in outer:
            props = props.inner(key) if props else None
        value = props.peek(last) if props else None
        if value is UNKNOWN and not resource.states(self.path.partition(".")[0]):
            value = None  # what AWS will fill in
        if value is UNKNOWN or (self.path == "code" and _hidden(value, resource)):
            raise NotKnownError(self.path)
        return self.seen(self.default if value in (None, "", [], {}) else value)


def files(code: Any) -> Any:
    """A package's files by their names: a text by its hash, a file by its path, which is all that the engine shows."""
    if isinstance(code, pulumi.AssetArchive):
        return {
            (f"{name}/{inner}" if inner else name): content
            for name, asset in code.assets.items()
            for inner, content in _contents(asset).items()
        }
    return _contents(code)


def _hidden(code: Any, resource: Resource) -> bool:
    """Whether a function has code that the engine does not show: a refresh takes out of the state what it was."""
    shown = code.assets if isinstance(code, pulumi.AssetArchive) else code
    return resource.kind == FUNCTION and not shown and not any(map(resource.peek, ("s3Key", "imageUri")))


def _contents(asset: Any) -> Mapping[str, str]:
    if isinstance(asset, pulumi.AssetArchive):
        return dict(files(asset))
    if isinstance(asset, pulumi.StringAsset):
        return {"": hashlib.sha256(asset.text.encode()).hexdigest()[:12]}
    place = getattr(asset, "path", None) or getattr(asset, "uri", None) or asset
    return {"": str(place)}


def _sorted(values: Any) -> Any:
    return sorted(values, key=str) if isinstance(values, list) else values


def _names(values: Any) -> Any:
    return sorted(values) if isinstance(values, Mapping) else values


def _types(providers: Any) -> Any:
    return sorted(str(each.get("authenticationType")) for each in providers if isinstance(each, Mapping))


def _settings(*paths: str, **defaults: Any) -> list[Setting]:
    return [Setting(path, defaults.get(path)) for path in (*paths, *defaults)]


_CODE = ("code", "requestTemplate", "responseTemplate", "requestMappingTemplate", "responseMappingTemplate")

SETTINGS: Mapping[str, list[Setting]] = {
    FUNCTION: [
        *_settings("runtime", "handler", "s3Key", memorySize=128, timeout=3, packageType="Zip"),
        Setting("architectures", ["x86_64"], _sorted),
        Setting("code", seen=files),
        Setting("environment.variables", seen=_names),
        Setting("loggingConfig.logFormat", "Text"),
    ],
    GRAPHQL_API: [
        *_settings("schema", "authenticationType", introspectionConfig="ENABLED", queryDepthLimit=0),
        *_settings(resolverCountLimit=0, visibility="GLOBAL", xrayEnabled=False),
        Setting("additionalAuthenticationProviders", [], _types),
        Setting("logConfig.fieldLogLevel"),
        Setting("logConfig.excludeVerboseContent", default=False),
        Setting("lambdaAuthorizerConfig.authorizerResultTtlInSeconds", 300),
    ],
    "aws:appsync/resolver:Resolver": [
        *_settings("type", "field", *_CODE[:3], kind="UNIT", maxBatchSize=0),
        Setting("cachingConfig.ttl"),
    ],
    "aws:appsync/function:Function": _settings("code", "requestMappingTemplate", "responseMappingTemplate"),
    "aws:appsync/dataSource:DataSource": _settings("type"),
    "aws:appsync/apiCache:ApiCache": _settings("apiCachingBehavior", "ttl", "type"),
    MAPPING: [
        *_settings("batchSize", "startingPosition", "maximumRecordAgeInSeconds", "maximumRetryAttempts"),
        *_settings(maximumBatchingWindowInSeconds=0, parallelizationFactor=1, tumblingWindowInSeconds=0),
    ],
    "aws:cloudwatch/logGroup:LogGroup": _settings(retentionInDays=0, logGroupClass="STANDARD"),
    "aws:sqs/queue:Queue": _settings(
        delaySeconds=0,
        fifoQueue=False,
        messageRetentionSeconds=345600,
        receiveWaitTimeSeconds=0,
        visibilityTimeoutSeconds=30,
    ),
    "aws:cloudwatch/eventRule:EventRule": _settings("eventPattern", "scheduleExpression"),
    "aws:cloudwatch/eventTarget:EventTarget": [
        Setting("appsyncTarget.graphqlOperation"),
        Setting("inputTransformer.inputTemplate"),
        Setting("inputTransformer.inputPaths"),
        Setting("retryPolicy.maximumEventAgeInSeconds", 86400),
        Setting("retryPolicy.maximumRetryAttempts", 185),
    ],
    TABLE: [
        *_settings("hashKey", "rangeKey", billingMode="PROVISIONED"),
        Setting("ttl.attributeName"),
    ],
    "aws:apigateway/restApi:RestApi": _settings("body", "apiKeySource", disableExecuteApiEndpoint=False),
    "aws:apigateway/method:Method": _settings("authorization", "httpMethod", apiKeyRequired=False),
    "aws:apigateway/integration:Integration": _settings("type", "integrationHttpMethod", timeoutMilliseconds=29000),
    "aws:apigateway/authorizer:Authorizer": _settings("type", "identitySource", authorizerResultTtlInSeconds=300),
    "aws:apigateway/stage:Stage": _settings("stageName", xrayTracingEnabled=False),
    "aws:apigatewayv2/api:Api": _settings("protocolType", "body", disableExecuteApiEndpoint=False),
    "aws:apigatewayv2/route:Route": _settings("routeKey", authorizationType="NONE", apiKeyRequired=False),
    "aws:apigatewayv2/integration:Integration": _settings("integrationType", "payloadFormatVersion"),
    "aws:apigatewayv2/authorizer:Authorizer": _settings("authorizerType", "authorizerResultTtlInSeconds"),
}
"""By the kind of resource."""

"""The settings that counterparts in different regions share: what makes one region answer as the others do.

What has to differ is not among them (names, hosts, ARNs), nor what other rules judge by itself.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from ...shared.kinds import (
    API_CACHE,
    DATA_SOURCE,
    EVENT_RULE,
    EVENT_TARGET,
    FUNCTION,
    GRAPHQL_API,
    HTTP_API,
    HTTP_AUTHORIZER,
    HTTP_ROUTE,
    MAPPING,
    PIPELINE_STEP,
    QUEUE,
    RESOLVER,
    REST_API,
    REST_AUTHORIZER,
    REST_METHOD,
    REST_STAGE,
    TABLE,
)
from ...shared.known import UNKNOWN, NotKnownError
from ...shared.stack import Resource


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
        value = resource.peek_along(self.path)
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
    RESOLVER: [
        *_settings("type", "field", *_CODE[:3], kind="UNIT", maxBatchSize=0),
        Setting("cachingConfig.ttl"),
    ],
    PIPELINE_STEP: _settings("code", "requestMappingTemplate", "responseMappingTemplate"),
    DATA_SOURCE: _settings("type"),
    API_CACHE: _settings("apiCachingBehavior", "ttl", "type"),
    MAPPING: [
        *_settings("batchSize", "startingPosition", "maximumRecordAgeInSeconds", "maximumRetryAttempts"),
        *_settings(maximumBatchingWindowInSeconds=0, parallelizationFactor=1, tumblingWindowInSeconds=0),
    ],
    QUEUE: _settings(
        delaySeconds=0,
        fifoQueue=False,
        messageRetentionSeconds=345600,
        receiveWaitTimeSeconds=0,
        visibilityTimeoutSeconds=30,
    ),
    EVENT_RULE: _settings("eventPattern", "scheduleExpression"),
    EVENT_TARGET: [
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
    REST_API: _settings("body", "apiKeySource", disableExecuteApiEndpoint=False),
    REST_METHOD: _settings("authorization", "httpMethod", apiKeyRequired=False),
    "aws:apigateway/integration:Integration": _settings("type", "integrationHttpMethod", timeoutMilliseconds=29000),
    REST_AUTHORIZER: _settings("type", "identitySource", authorizerResultTtlInSeconds=300),
    REST_STAGE: _settings("stageName", xrayTracingEnabled=False),
    HTTP_API: _settings("protocolType", "body", disableExecuteApiEndpoint=False),
    HTTP_ROUTE: _settings("routeKey", authorizationType="NONE", apiKeyRequired=False),
    "aws:apigatewayv2/integration:Integration": _settings("integrationType", "payloadFormatVersion"),
    HTTP_AUTHORIZER: _settings("authorizerType", "authorizerResultTtlInSeconds"),
}
"""By the kind of resource."""

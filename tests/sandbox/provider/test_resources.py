"""Every resource type through the provider's real protocol, against the real emulator.

The lifecycle below asks the same of all types: what was made reads back without drift, an update is seen and
settles, a second create of the same name is refused, what was removed by hand is noticed, and deleting twice is fine.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.provider.fields import UNKNOWN
from sandbox.provider.registry import RESOURCES
from tests.sandbox.provider.embedded_aws import Engine, FailedError, Resource, archive

REGION = "eu-west-1"
ASSUME = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}],
    }
)
SCHEMA = "type Query { hello: String }\n"
PATTERN = json.dumps({"source": ["com.example.tickets"]})
VIEWER_FUNCTION = "function handler(event) { return event.request }"
CODE = "export function request() { return {} }\nexport function response(ctx) { return ctx.result }\n"


class World:
    """What the resources under test stand on, made once and on demand."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._made: dict[str, Resource] = {}

    def _once(self, type_: str, name: str, /, **inputs: Any) -> Resource:
        if name not in self._made:
            self._made[name] = self.engine.create(type_, name, **inputs)
        return self._made[name]

    @property
    def role(self) -> Resource:
        return self._once("aws:iam/role:Role", "base-role", assumeRolePolicy=ASSUME)

    @property
    def zone(self) -> Resource:
        return self._once("aws:route53/zone:Zone", "base-zone", name="base.localhost", forceDestroy=True)

    @property
    def certificate(self) -> Resource:
        return self._once(
            "aws:acm/certificate:Certificate",
            "base-certificate",
            domainName="base.localhost",
            subjectAlternativeNames=["*.base.localhost"],
            validationMethod="DNS",
        )

    @property
    def alarm(self) -> Resource:
        inputs = {"metricName": "5XXError", "namespace": "AWS/AppSync", "statistic": "Sum", "period": 60}
        limit = {"threshold": 0, "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1}
        return self._once("aws:cloudwatch/metricAlarm:MetricAlarm", "base-alarm", **inputs, **limit, region=REGION)

    @property
    def key(self) -> Resource:
        return self._once("aws:kms/key:Key", "base-key", policy=POLICY, region=REGION)

    @property
    def topic(self) -> Resource:
        return self._once("aws:sns/topic:Topic", "base-topic", region=REGION)

    @property
    def function(self) -> Resource:
        return self._once("aws:lambda/function:Function", "base-function", **function_inputs(self))

    @property
    def router(self) -> Resource:
        inputs = function_inputs(self) | {"region": "us-east-1", "publish": True}
        return self._once("aws:lambda/function:Function", "base-router", **inputs)

    @property
    def store(self) -> Resource:
        return self._once("aws:cloudfront/keyValueStore:KeyValueStore", "base-store")

    @property
    def api(self) -> Resource:
        return self._once("aws:appsync/graphQLApi:GraphQLApi", "base-api", **api_inputs(self))

    @property
    def domain(self) -> Resource:
        inputs = {"domainName": "api.base.localhost", "certificateArn": self.certificate.id, "region": REGION}
        return self._once("aws:appsync/domainName:DomainName", "base-domain", **inputs)

    @property
    def source(self) -> Resource:
        inputs = {"apiId": self.api.id, "name": "base", "type": "NONE", "region": REGION}
        return self._once("aws:appsync/dataSource:DataSource", "base-source", **inputs)

    @property
    def table(self) -> Resource:
        return self._once("aws:dynamodb/table:Table", "base-table", **table_inputs() | {"name": "base-table"})

    @property
    def queue(self) -> Resource:
        return self._once("aws:sqs/queue:Queue", "base-queue", region=REGION)

    @property
    def bus(self) -> Resource:
        return self._once("aws:cloudwatch/eventBus:EventBus", "base-bus", region=REGION)

    @property
    def rule(self) -> Resource:
        inputs = {"eventBusName": self.bus.id, "eventPattern": PATTERN, "region": REGION}
        return self._once("aws:cloudwatch/eventRule:EventRule", "base-rule", **inputs)

    @property
    def secret(self) -> Resource:
        return self._once("aws:secretsmanager/secret:Secret", "base-secret", region=REGION, recoveryWindowInDays=0)


def appsync_metric(name: str) -> dict[str, Any]:
    metric = {"namespace": "AWS/AppSync", "metricName": name, "dimensions": {"GraphQLAPIId": "a"}}
    return {**metric, "period": 60, "stat": "Sum"}


def function_inputs(world: World) -> dict[str, Any]:
    return {
        "role": world.role.outputs["arn"],
        "runtime": "python3.13",
        "handler": "handler.handler",
        "architectures": ["x86_64"],
        "code": archive(handler_py="def handler(event, context): return event"),
        "memorySize": 128,
        "timeout": 5,
        "region": REGION,
    }


def api_inputs(world: World) -> dict[str, Any]:
    return {
        "authenticationType": "AWS_LAMBDA",
        "lambdaAuthorizerConfig": {
            "authorizerUri": world.function.outputs["arn"],
            "authorizerResultTtlInSeconds": 60,
        },
        "logConfig": {
            "cloudwatchLogsRoleArn": world.role.outputs["arn"],
            "fieldLogLevel": "ERROR",
            "excludeVerboseContent": True,
        },
        "schema": SCHEMA,
        "introspectionConfig": "ENABLED",
        "queryDepthLimit": 20,
        "resolverCountLimit": 1000,
        "xrayEnabled": True,
        "region": REGION,
    }


def table_inputs() -> dict[str, Any]:
    return {
        "attributes": [{"name": "id", "type": "S"}],
        "hashKey": "id",
        "billingMode": "PAY_PER_REQUEST",
        "pointInTimeRecovery": {"enabled": True},
        "serverSideEncryption": {"enabled": True},
        "streamEnabled": True,
        "streamViewType": "NEW_AND_OLD_IMAGES",
        "region": REGION,
    }


def distribution_inputs(world: World) -> dict[str, Any]:
    return {
        "enabled": True,
        "comment": "the edge",
        "aliases": ["global-api.base.localhost"],
        "httpVersion": "http2and3",
        "isIpv6Enabled": True,
        "priceClass": "PriceClass_All",
        "origins": [
            {
                "originId": "default",
                "domainName": "origin.base.localhost",
                "connectionAttempts": 1,
                "connectionTimeout": 3,
                "customOriginConfig": {
                    "httpPort": 80,
                    "httpsPort": 443,
                    "originProtocolPolicy": "https-only",
                    "originSslProtocols": ["TLSv1.2"],
                    "originReadTimeout": 30,
                    "originKeepaliveTimeout": 60,
                },
            }
        ],
        "defaultCacheBehavior": {
            "targetOriginId": "default",
            "viewerProtocolPolicy": "https-only",
            "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
            "cachedMethods": ["GET", "HEAD"],
            "compress": True,
            "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
            "originRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3",
            "lambdaFunctionAssociations": [
                {
                    "eventType": "origin-request",
                    "lambdaArn": world.router.outputs["qualifiedArn"],
                    "includeBody": False,
                }
            ],
        },
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {
            "acmCertificateArn": world.certificate.id,
            "sslSupportMethod": "sni-only",
            "minimumProtocolVersion": "TLSv1.2_2021",
        },
    }


@dataclass
class Case:
    """A resource type: how to make one, changes that it takes in place, and one that takes a new resource."""

    type: str
    inputs: Callable[[World], dict[str, Any]]
    updates: list[dict[str, Any]] = field(default_factory=list)
    replacement: dict[str, Any] = field(default_factory=dict)
    needs_delete_first: bool = False
    is_unique: bool = True  # AWS refuses a second one of the same inputs
    outlives_delete: bool = False  # AWS keeps it for as long as what it belongs to

    def __str__(self) -> str:
        return self.type.rpartition(":")[2]


CASES = [
    Case(
        "aws:iam/role:Role",
        lambda _: {"name": "one-role", "assumeRolePolicy": ASSUME, "tags": {"team": "edge"}},
        [
            {"description": "all of it"},
            {"assumeRolePolicy": ASSUME.replace("lambda.", "appsync.")},
            {"tags": {"cost": "low"}},
            {"description": None, "maxSessionDuration": 7200},
        ],
        {"path": "/edge/"},
        needs_delete_first=True,
    ),
    Case(
        "aws:iam/rolePolicy:RolePolicy",
        lambda w: {"name": "one-policy", "role": w.role.outputs["name"], "policy": POLICY},
        [{"policy": POLICY.replace("PutLogEvents", "CreateLogStream")}],
        {"name": "other-policy"},
    ),
    Case(
        "aws:cloudwatch/logGroup:LogGroup",
        lambda _: {"name": "/one/group", "retentionInDays": 30, "region": REGION},
        [{"retentionInDays": 7}, {"retentionInDays": None}, {"tags": {"team": "edge"}}, {"tags": None}],
        {"region": "eu-west-2"},
    ),
    Case(
        "aws:lambda/function:Function",
        lambda w: (
            function_inputs(w)
            | {
                "name": "one-function",
                "environment": {"variables": {"TABLE": "one"}},
                "loggingConfig": {"logFormat": "JSON", "logGroup": "/one/group"},
            }
        ),
        [
            {"code": archive(handler_py="def handler(event, context): return 2")},
            {"memorySize": 256, "timeout": None, "description": "bigger"},
            {"environment": None},
            {"environment": {"variables": {"TABLE": "two"}}},
            {"loggingConfig": {"logFormat": "JSON", "logGroup": "/other/group"}},
            {"tags": {"team": "edge"}},
            {"reservedConcurrentExecutions": 5},
        ],
        {"region": "eu-west-2"},
    ),
    Case(
        "aws:lambda/permission:Permission",
        lambda w: {
            "statementId": "one-statement",
            "action": "lambda:InvokeFunction",
            "function": w.function.outputs["name"],
            "principal": "appsync.amazonaws.com",
            "sourceArn": w.api.outputs["arn"],
            "region": REGION,
        },
        replacement={"principal": "events.amazonaws.com"},
        needs_delete_first=True,
    ),
    Case(
        "aws:lambda/functionUrl:FunctionUrl",
        lambda w: {"functionName": w.function.outputs["name"], "authorizationType": "NONE", "region": REGION},
        [
            {"authorizationType": "AWS_IAM"},
            {"authorizationType": "NONE"},
        ],
        {"functionName": "another"},
    ),
    Case(
        "aws:route53/healthCheck:HealthCheck",
        lambda _: {
            "type": "HTTPS",
            "fqdn": "one.lambda-url.eu-west-1.on.aws",
            "port": 443,
            "resourcePath": "/drain/sydney",
            "requestInterval": 10,
            "failureThreshold": 1,
            "enableSni": True,
            "invertHealthcheck": True,
            "tags": {"Name": "one"},
        },
        [
            {"fqdn": "two.lambda-url.eu-west-1.on.aws", "resourcePath": "/"},
            {"failureThreshold": 3, "invertHealthcheck": False},
            {"disabled": True},
            {"tags": {"Name": "two"}},
            {"triggers": {"threshold": "5"}},
        ],
        {"requestInterval": 30},
        is_unique=False,
    ),
    Case(
        "aws:dynamodb/table:Table",
        lambda _: {
            "name": "one-table",
            "attributes": [
                {"name": "id", "type": "S"},
                {"name": "at", "type": "S"},
                {"name": "owner", "type": "S"},
            ],
            "hashKey": "id",
            "rangeKey": "at",
            "billingMode": "PAY_PER_REQUEST",
            "globalSecondaryIndexes": [
                {
                    "name": "by-owner",
                    "keySchemas": [{"attributeName": "owner", "keyType": "HASH"}],
                    "projectionType": "ALL",
                }
            ],
            "pointInTimeRecovery": {"enabled": True},
            "serverSideEncryption": {"enabled": True},
            "deletionProtectionEnabled": False,
            "region": REGION,
        },
        [
            {"ttl": {"attributeName": "expires"}},
            {"pointInTimeRecovery": {"enabled": False}},
            {"streamEnabled": True, "streamViewType": "NEW_AND_OLD_IMAGES"},
            {"tags": {"team": "edge"}},
            {
                "globalSecondaryIndexes": [
                    {
                        "name": "by-time",
                        "keySchemas": [
                            {"attributeName": "owner", "keyType": "HASH"},
                            {"attributeName": "at", "keyType": "RANGE"},
                        ],
                        "projectionType": "KEYS_ONLY",
                    }
                ]
            },
        ],
        {"hashKey": "owner"},
        needs_delete_first=True,
    ),
    Case(
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        lambda w: {
            "eventSourceArn": w.table.outputs["streamArn"],
            "functionName": w.function.outputs["name"],
            "startingPosition": "LATEST",
            "batchSize": 100,
            "maximumBatchingWindowInSeconds": 0,
            "functionResponseTypes": ["ReportBatchItemFailures"],
            "bisectBatchOnFunctionError": True,
            "maximumRetryAttempts": 100,
            "maximumRecordAgeInSeconds": 3600,
            "destinationConfig": {"onFailure": {"destinationArn": w.queue.outputs["arn"]}},
            "region": REGION,
        },
        [
            {"batchSize": 10, "maximumBatchingWindowInSeconds": 1},
            {"functionResponseTypes": None, "bisectBatchOnFunctionError": None},
            {"maximumRetryAttempts": 3, "maximumRecordAgeInSeconds": 60},
            {"destinationConfig": None},
            {"enabled": False},
        ],
        {"startingPosition": "TRIM_HORIZON"},
        needs_delete_first=True,
    ),
    Case(
        "aws:sqs/queue:Queue",
        lambda _: {
            "name": "one-queue",
            "messageRetentionSeconds": 1209600,
            "sqsManagedSseEnabled": True,
            "region": REGION,
        },
        [
            {"messageRetentionSeconds": None, "visibilityTimeoutSeconds": 60},
            {"tags": {"team": "edge"}},
            {"tags": {"cost": "low"}},
        ],
        {"name": "other-queue"},
    ),
    Case(
        "aws:sqs/queuePolicy:QueuePolicy",
        lambda w: {"queueUrl": w.queue.outputs["url"], "policy": POLICY, "region": REGION},
        [{"policy": POLICY.replace("PutLogEvents", "CreateLogStream")}],
        {"queueUrl": "http://127.0.0.1/000000000000/other"},
    ),
    Case(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        lambda w: {
            "name": "one-alarm",
            "alarmDescription": "letters that nobody could deliver",
            "namespace": "AWS/SQS",
            "metricName": "ApproximateNumberOfMessagesVisible",
            "dimensions": {"QueueName": w.queue.outputs["name"]},
            "statistic": "Maximum",
            "period": 60,
            "evaluationPeriods": 1,
            "threshold": 0,
            "comparisonOperator": "GreaterThanThreshold",
            "treatMissingData": "notBreaching",
            "region": REGION,
        },
        [
            {"threshold": 5, "evaluationPeriods": 2},
            {"dimensions": {"QueueName": "other"}, "alarmDescription": None},
            {"alarmActions": ["arn:aws:sns:eu-west-1:000000000000:a", "arn:aws:sns:eu-west-1:000000000000:b"]},
            {"tags": {"team": "edge"}},
            {"tags": None, "treatMissingData": None},
        ],
        {"name": "other-alarm"},
    ),
    Case(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        lambda _: {
            "name": "one-rate",
            "metricQueries": [
                {"id": "rate", "expression": "100 * errors / requests", "label": "errors", "returnData": True},
                {"id": "errors", "metric": appsync_metric("5XXError")},
                {"id": "requests", "metric": appsync_metric("Requests")},
            ],
            "evaluationPeriods": 5,
            "datapointsToAlarm": 3,
            "threshold": 5,
            "comparisonOperator": "GreaterThanThreshold",
            "region": REGION,
        },
        [
            {
                "metricQueries": [
                    {"id": "errors", "metric": appsync_metric("4XXError")},
                    {"id": "requests", "metric": appsync_metric("Requests")},
                    {"id": "rate", "expression": "errors / requests", "returnData": True},
                ]
            },
            {"threshold": 1, "datapointsToAlarm": None},
        ],
        {"name": "other-rate"},
    ),
    Case(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        lambda w: {
            "alarmName": "one-composite",
            "alarmRule": f"ALARM({w.alarm.id})",
            "alarmActions": [w.topic.id],
            "region": REGION,
        },
        [
            {"alarmRule": "FALSE"},
            {"alarmDescription": "half dead", "okActions": ["arn:aws:sns:eu-west-1:000000000000:a"]},
            {"tags": {"team": "edge"}},
        ],
        {"alarmName": "other-composite"},
    ),
    Case(
        "aws:cloudwatch/dashboard:Dashboard",
        lambda _: {"dashboardName": "one", "dashboardBody": json.dumps({"widgets": []}), "region": REGION},
        [{"dashboardBody": json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "# all"}}]})}],
        {"dashboardName": "other"},
    ),
    Case(
        "aws:sns/topic:Topic",
        lambda w: {"name": "one-topic", "kmsMasterKeyId": w.key.id, "region": REGION},
        [{"displayName": "alarms"}, {"tags": {"team": "edge"}}, {"tags": {"cost": "low"}, "displayName": None}],
        {"name": "other-topic"},
    ),
    Case(
        "aws:kms/key:Key",
        lambda _: {"description": "alarms", "policy": POLICY, "enableKeyRotation": True, "region": REGION},
        [
            {"description": "what alarms say"},
            {"enableKeyRotation": None},
            {"policy": POLICY.replace("PutLogEvents", "CreateLogStream")},
            {"tags": {"team": "edge"}},
        ],
        {"region": "us-west-2"},
        is_unique=False,
    ),
    Case(
        "aws:cloudwatch/eventBus:EventBus",
        lambda _: {"name": "one.localhost", "region": REGION},
        [{"description": "what partners say"}, {"description": None}, {"tags": {"team": "edge"}}, {"tags": None}],
        {"name": "two.localhost"},
    ),
    Case(
        "aws:cloudwatch/eventRule:EventRule",
        lambda w: {"name": "one", "eventBusName": w.bus.outputs["name"], "eventPattern": PATTERN, "region": REGION},
        [
            {"eventPattern": json.dumps({"source": ["com.example.other"], "detail-type": ["Event announced"]})},
            {"state": "DISABLED", "description": "not now"},
            {"state": None, "description": None},
            {"tags": {"team": "edge"}},
        ],
        {"eventBusName": "other"},
    ),
    Case(
        "aws:cloudwatch/eventTarget:EventTarget",
        lambda w: {
            "targetId": "api",
            "rule": w.rule.outputs["name"],
            "eventBusName": w.bus.outputs["name"],
            "arn": "arn:aws:appsync:eu-west-1:000000000000:endpoints/graphql-api/abc",
            "roleArn": w.role.outputs["arn"],
            "appsyncTarget": {"graphqlOperation": "mutation Record($id: ID!) { record(id: $id) { id } }"},
            "inputTransformer": {"inputPaths": {"id": "$.id"}, "inputTemplate": '{"id": <id>}'},
            "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 185},
            "deadLetterConfig": {"arn": w.queue.outputs["arn"]},
            "region": REGION,
        },
        [
            {"appsyncTarget": {"graphqlOperation": "mutation Other($id: ID!) { other(id: $id) { id } }"}},
            {"inputTransformer": {"inputPaths": {"id": "$.detail.id"}, "inputTemplate": '{"id": <id>}'}},
            {"retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 0}},
            {"deadLetterConfig": None},
        ],
        {"targetId": "other"},
    ),
    Case(
        "aws:route53/zone:Zone",
        lambda _: {"name": "one.localhost"},
        [{"comment": "ours"}, {"tags": {"team": "edge"}}],
        {"name": "other.localhost"},
        is_unique=False,
    ),
    Case(
        "aws:route53/record:Record",
        lambda w: {
            "zoneId": w.zone.id,
            "name": "latency.base.localhost",
            "type": "CNAME",
            "ttl": 60,
            "records": ["ireland"],
            "setIdentifier": "ireland",
            "latencyRoutingPolicies": [{"region": "eu-west-1"}],
        },
        [{"ttl": 30}, {"records": ["ireland-2"]}, {"latencyRoutingPolicies": [{"region": "eu-west-2"}]}],
        {"setIdentifier": "dublin"},
    ),
    Case(
        "aws:acm/certificate:Certificate",
        lambda _: {
            "domainName": "one.localhost",
            "subjectAlternativeNames": ["*.one.localhost"],
            "validationMethod": "DNS",
            "region": "us-east-1",
        },
        [{"tags": {"team": "edge"}}],
        {"subjectAlternativeNames": ["*.one.localhost", "*.two.localhost"]},
        is_unique=False,
    ),
    Case(
        "aws:secretsmanager/secret:Secret",
        lambda _: {
            "name": "one/secret",
            "description": "the token",
            "replicas": [{"region": "eu-west-1"}, {"region": "ap-southeast-2"}],
            "recoveryWindowInDays": 0,
            "region": "us-east-1",
        },
        [
            {"description": "the tokens"},
            {"replicas": [{"region": "ap-northeast-1"}, {"region": "eu-west-1"}]},
            {"replicas": None},
            {"tags": {"team": "edge"}},
        ],
        {"region": "us-west-2"},
    ),
    Case(
        "aws:secretsmanager/secretVersion:SecretVersion",
        lambda w: {"secretId": w.secret.id, "secretString": "hush", "region": REGION},
        replacement={"secretString": "other"},
        is_unique=False,
        outlives_delete=True,
    ),
    Case(
        "aws:appsync/graphQLApi:GraphQLApi",
        lambda w: api_inputs(w) | {"name": "one-api"},
        [
            {"schema": SCHEMA + "type Other { a: Int }\n"},
            {"introspectionConfig": "DISABLED", "queryDepthLimit": 5},
            {"logConfig": None, "xrayEnabled": None},
            {"additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}]},
            {"name": "renamed-api"},
            {"tags": {"team": "edge"}},
        ],
        {"visibility": "PRIVATE"},
        needs_delete_first=True,
        is_unique=False,
    ),
    Case(
        "aws:appsync/dataSource:DataSource",
        lambda w: {
            "apiId": w.api.id,
            "name": "one",
            "type": "AWS_LAMBDA",
            "lambdaConfig": {"functionArn": w.function.outputs["arn"]},
            "serviceRoleArn": w.role.outputs["arn"],
            "region": REGION,
        },
        [
            {"description": "direct"},
            {"lambdaConfig": {"functionArn": "arn:aws:lambda:eu-west-1:000000000000:function:b"}},
        ],
        {"name": "two"},
    ),
    Case(
        "aws:appsync/resolver:Resolver",
        lambda w: {
            "apiId": w.api.id,
            "type": "Query",
            "field": "hello",
            "dataSource": w.source.outputs["name"],
            "kind": "UNIT",
            "region": REGION,
        },
        [
            {"maxBatchSize": 5},
            {"code": CODE, "runtime": {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}, "maxBatchSize": None},
            {"code": CODE.replace("{}", "{payload: null}")},
        ],
        {"field": "other"},
    ),
    Case(
        "aws:appsync/domainName:DomainName",
        lambda w: {"domainName": "one.base.localhost", "certificateArn": w.certificate.id, "region": REGION},
        [{"description": "the region's"}],
        {"certificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/other"},
        needs_delete_first=True,
    ),
    Case(
        "aws:appsync/domainNameApiAssociation:DomainNameApiAssociation",
        lambda w: {"domainName": w.domain.id, "apiId": w.api.id, "region": REGION},
        replacement={"domainName": "two.base.localhost"},
    ),
    Case(
        "aws:cloudfront/distribution:Distribution",
        distribution_inputs,
        [
            {"comment": None},
            {"aliases": ["global-api.base.localhost", "www.base.localhost"]},
            {"priceClass": "PriceClass_100", "httpVersion": "http2"},
            {"tags": {"team": "edge"}},
            {"restrictions": {"geoRestriction": {"restrictionType": "whitelist", "locations": ["IE", "AU"]}}},
        ],
        is_unique=False,
    ),
    Case(
        "aws:cloudfront/function:Function",
        lambda w: {
            "name": "one-viewer-function",
            "runtime": "cloudfront-js-2.0",
            "code": VIEWER_FUNCTION,
            "keyValueStoreAssociations": [w.store.outputs["arn"]],
        },
        [
            {"code": f"import cf from 'cloudfront'\n{VIEWER_FUNCTION}"},
            {"comment": "names the edge location", "tags": {"team": "edge"}},
            {"publish": False},
            {"keyValueStoreAssociations": None, "runtime": "cloudfront-js-1.0"},
        ],
        {"name": "other-viewer-function"},
    ),
    Case(
        "aws:cloudfront/keyValueStore:KeyValueStore",
        lambda _: {"name": "one-store", "tags": {"team": "edge"}},
        [{"comment": "regions by edge location"}, {"comment": None}, {"tags": {"cost": "low"}}],
        {"name": "other-store"},
    ),
    Case(
        "aws:cloudfront/keyvaluestoreKeysExclusive:KeyvaluestoreKeysExclusive",
        lambda w: {
            "keyValueStoreArn": w.store.outputs["arn"],
            "resourceKeyValuePairs": [{"key": "LHR", "value": "ireland sydney"}, {"key": "MEL", "value": "sydney"}],
        },
        [
            {
                "resourceKeyValuePairs": [
                    {"key": "LHR", "value": "ireland sydney:40"},
                    {"key": "AKL", "value": "sydney"},
                ]
            },
            {"resourceKeyValuePairs": None},
            {"resourceKeyValuePairs": [{"key": "LHR", "value": "ireland"}]},
        ],
        {"keyValueStoreArn": "arn:aws:cloudfront::000000000000:key-value-store/other"},
        is_unique=False,
        outlives_delete=True,
    ),
]


@pytest.fixture(scope="session")
def world(engine: Engine) -> World:
    return World(engine)


def test_every_resource_type_has_a_case():
    waits = {"aws:acm/certificateValidation:CertificateValidation"}  # no thing of AWS's: tested on its own below
    assert {case.type for case in CASES} | waits == set(RESOURCES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_resource_lives_from_create_to_delete(engine: Engine, world: World, case: Case):
    resource = engine.create(case.type, "subject", **case.inputs(world))
    assert resource.id
    assert engine.refresh(resource) == resource, "a refresh after a create sees drift"
    assert engine.diff(resource).changes == {}, "the program unchanged is a change"
    assert engine.provider.find(case.type, resource.inputs) == resource.id

    for news in case.updates:
        difference = engine.diff(resource, **news)
        assert {path.partition(".")[0].partition("[")[0] for path in difference.changes} == set(news)
        assert not difference.replaces
        resource = engine.update(resource, **news)
        assert engine.refresh(resource) == resource, f"a refresh after {news} sees drift"

    if case.replacement:
        difference = engine.diff(resource, **case.replacement)
        assert difference.replaces
        assert difference.delete_first == case.needs_delete_first

    if case.is_unique:
        with pytest.raises(FailedError, match=case.type):
            engine.create(case.type, "twin", **case.inputs(world))

    engine.delete(resource)
    if not case.outlives_delete:
        assert engine.refresh(resource) is None, "what is deleted can still be read"
        assert engine.provider.find(case.type, resource.inputs) is None
    engine.delete(resource)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_preview_of_a_create_knows_the_inputs_and_not_what_aws_will_say(engine: Engine, world: World, case: Case):
    inputs = case.inputs(world)
    some = next((name for name in inputs if name != "name"), "name")
    outputs = engine.preview(case.type, "foreseen", **inputs | {some: UNKNOWN})
    assert outputs[some] == UNKNOWN
    for name in inputs.keys() - {some}:
        assert outputs[name] == inputs[name] or isinstance(inputs[name], dict | list)
    for row in RESOURCES[case.type].shape.fields.values():
        if row.output:
            assert outputs[row.name] == UNKNOWN


def test_a_resource_that_provider_named_is_replaced_before_the_old_one_goes(engine: Engine):
    resource = engine.create("aws:iam/role:Role", "nameless", assumeRolePolicy=ASSUME)
    assert resource.inputs["name"].startswith("nameless-")
    assert len(resource.inputs["name"]) == len("nameless-") + 7
    difference = engine.diff(resource, path="/edge/", name=None)
    assert difference.changes == {"path": "ADD_REPLACE"}
    assert not difference.delete_first
    engine.delete(resource)


def test_new_code_publishes_a_new_version_and_the_old_ones_stay(engine: Engine, world: World):
    inputs = function_inputs(world) | {"publish": True, "region": "us-east-1"}
    first = engine.create("aws:lambda/function:Function", "router", **inputs)
    arn = first.outputs["arn"]
    assert first.outputs["qualifiedArn"] == f"{arn}:1"

    code = archive(handler_py="def handler(event, context): return 'second'")
    foreseen = engine.update(first, preview=True, code=code)
    assert foreseen.outputs["qualifiedArn"] == UNKNOWN
    assert foreseen.outputs["arn"] == arn

    second = engine.update(first, code=code)
    assert second.outputs["qualifiedArn"] == f"{arn}:2"
    tagged = engine.update(second, tags={"team": "edge"})
    assert tagged.outputs["qualifiedArn"] == f"{arn}:2", "a tag is no reason for a version"
    api = engine.clients("lambda", "us-east-1")
    versions = [v["Version"] for v in api.list_versions_by_function(FunctionName=first.id)["Versions"]]
    assert versions == ["$LATEST", "1", "2"]
    engine.delete(tagged)


def test_code_changed_by_hand_is_drift_that_the_next_update_undoes(engine: Engine, world: World):
    resource = engine.create("aws:lambda/function:Function", "drifting", **function_inputs(world))
    other = engine.create(
        "aws:lambda/function:Function", "other", **function_inputs(world) | {"code": archive(handler_py="other")}
    )
    api = engine.clients("lambda", REGION)
    api.update_function_code(FunctionName=resource.id, ZipFile=_zip_of(other))
    seen = engine.refresh(resource)
    assert seen is not None
    assert seen.inputs["code"] == {}
    assert engine.diff(seen, code=resource.inputs["code"]).changes == {"code": "ADD"}
    repaired = engine.update(seen, code=resource.inputs["code"])
    assert repaired.outputs["codeSha256"] == resource.outputs["codeSha256"]
    for made in (repaired, other):
        engine.delete(made)


def _zip_of(resource: Resource) -> bytes:
    from sandbox.provider.archive import package  # noqa: PLC0415 - only here

    return package(resource.inputs["code"])


def test_a_mapping_keeps_its_function_whether_it_is_given_by_name_or_by_arn(engine: Engine, world: World):
    inputs = {
        "eventSourceArn": world.table.outputs["streamArn"],
        "functionName": world.function.outputs["arn"],
        "startingPosition": "LATEST",
        "region": REGION,
    }
    token = "aws:lambda/eventSourceMapping:EventSourceMapping"
    resource = engine.create(token, "by-arn", **inputs)
    assert resource.outputs["state"] == "Enabled"
    assert resource.outputs["functionArn"] == world.function.outputs["arn"]
    assert engine.refresh(resource) == resource
    name = world.function.outputs["name"]
    assert engine.diff(resource, functionName=name).changes == {}
    assert engine.provider.find(token, resource.inputs | {"functionName": name}) == resource.id
    engine.delete(resource)


def test_a_record_changed_by_hand_is_drift(engine: Engine, world: World):
    inputs = {"zoneId": world.zone.id, "name": "a.base.localhost", "type": "A", "ttl": 300, "records": ["192.0.2.1"]}
    resource = engine.create("aws:route53/record:Record", "record", **inputs)
    change = {"Name": "a.base.localhost", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "192.0.2.2"}]}
    engine.clients("route53").change_resource_record_sets(
        HostedZoneId=world.zone.id, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": change}]}
    )
    seen = engine.refresh(resource)
    assert seen is not None
    assert engine.diff(seen, ttl=300, records=["192.0.2.1"]).changes == {"ttl": "UPDATE", "records[0]": "UPDATE"}
    engine.delete(seen)


def test_a_check_of_checks_and_one_of_an_alarm_are_as_they_were_asked_for(engine: Engine):
    token = "aws:route53/healthCheck:HealthCheck"
    of_alarm = engine.create(
        token,
        "alarm",
        type="CLOUDWATCH_METRIC",
        cloudwatchAlarmName="example.com-ireland-errors",
        cloudwatchAlarmRegion=REGION,
        insufficientDataHealthStatus="Healthy",
        triggers={"settings": "above 0.5"},
    )
    inputs = {"type": "CALCULATED", "childHealthThreshold": 1, "childHealthchecks": [of_alarm.id]}
    combined = engine.create(token, "combined", **inputs)
    assert [engine.refresh(each) for each in (of_alarm, combined)] == [of_alarm, combined]

    another = engine.create(token, "another", type="HTTPS", fqdn="a.example.com")
    wider = engine.update(combined, childHealthThreshold=2, childHealthchecks=[another.id, of_alarm.id])
    assert engine.refresh(wider) == wider
    moved = engine.update(of_alarm, cloudwatchAlarmRegion="eu-west-2")
    config = engine.clients("route53").get_health_check(HealthCheckId=moved.id)["HealthCheck"]["HealthCheckConfig"]
    assert config["AlarmIdentifier"] == {"Region": "eu-west-2", "Name": "example.com-ireland-errors"}
    for made in (wider, another, moved):
        engine.delete(made)


def test_a_functions_url_is_its_own_address_and_may_be_called_by_anyone_through_it_alone(engine: Engine, world: World):
    name = world.function.outputs["name"]
    url = engine.create("aws:lambda/functionUrl:FunctionUrl", "url", **_url(world.function.outputs["arn"]))
    assert url.outputs["functionUrl"] == f"https://{url.outputs['urlId']}.lambda-url.{REGION}.on.aws/"
    assert engine.diff(url, functionName=name).changes == {}

    whom = {"function": name, "principal": "*", "region": REGION}
    through: dict[str, Any] = {"action": "lambda:InvokeFunction", "invokedViaFunctionUrl": True}
    to_url: dict[str, Any] = {"action": "lambda:InvokeFunctionUrl", "functionUrlAuthType": "NONE"}
    for logical_name, allowed in {"through": through, "to-url": to_url}.items():
        permission = engine.create("aws:lambda/permission:Permission", logical_name, **whom, **allowed)
        assert engine.refresh(permission) == permission
        assert permission.outputs.items() >= allowed.items()
        engine.delete(permission)
    engine.delete(url)


def _url(function: str) -> dict[str, Any]:
    return {"functionName": function, "authorizationType": "NONE", "region": REGION}


def test_a_tag_added_by_hand_is_drift(engine: Engine):
    resource = engine.create("aws:iam/role:Role", "tagged", assumeRolePolicy=ASSUME)
    engine.clients("iam").tag_role(RoleName=resource.id, Tags=[{"Key": "by", "Value": "hand"}])
    seen = engine.refresh(resource)
    assert seen is not None
    assert engine.diff(seen, tags=None).changes == {"tags": "DELETE"}
    engine.delete(seen)


def test_a_record_that_may_overwrite_takes_the_place_of_another(engine: Engine, world: World):
    inputs = {"zoneId": world.zone.id, "name": "_v.base.localhost.", "type": "CNAME", "ttl": 60, "records": ["x."]}
    first = engine.create("aws:route53/record:Record", "first", **inputs)
    with pytest.raises(FailedError, match="InvalidChangeBatch"):
        engine.create("aws:route53/record:Record", "second", **inputs)
    second = engine.create("aws:route53/record:Record", "second", **inputs, allowOverwrite=True)
    assert second.id == first.id
    assert engine.refresh(second) == second
    engine.delete(second)


def test_replicas_of_a_secret_come_and_go(engine: Engine):
    inputs = {"name": "replicated", "recoveryWindowInDays": 0, "replicas": [{"region": "eu-west-1"}]}
    resource = engine.create("aws:secretsmanager/secret:Secret", "replicated", **inputs)
    value = {"secretId": resource.id, "secretString": "hush"}
    engine.create("aws:secretsmanager/secretVersion:SecretVersion", "replicated", **value)

    def value_in(region: str) -> str | None:
        api = engine.clients("secretsmanager", region)
        try:
            return str(api.get_secret_value(SecretId="replicated")["SecretString"])
        except api.exceptions.ResourceNotFoundException:
            return None

    assert value_in("eu-west-1") == "hush"
    resource = engine.update(resource, replicas=[{"region": "ap-southeast-2"}])
    assert (value_in("eu-west-1"), value_in("ap-southeast-2")) == (None, "hush")
    assert value_in("us-east-1") == "hush"
    engine.delete(resource)
    assert (value_in("ap-southeast-2"), value_in("us-east-1")) == (None, None)
    assert engine.clients("secretsmanager").list_secrets()["SecretList"] == []


def test_a_certificate_is_waited_for_and_must_have_its_records(engine: Engine, world: World):
    token, arn = "aws:acm/certificateValidation:CertificateValidation", world.certificate.id
    names = {o["resourceRecordName"] for o in world.certificate.outputs["domainValidationOptions"]}
    resource = engine.create(token, "issued", certificateArn=arn, validationRecordFqdns=sorted(names))
    assert resource.outputs["certificateArn"] == arn
    assert engine.refresh(resource) == resource
    assert engine.provider.find(token, resource.inputs) == resource.id
    with pytest.raises(FailedError, match="missing in validationRecordFqdns"):
        engine.create(token, "issued", certificateArn=arn, validationRecordFqdns=["other.base.localhost"])
    engine.delete(resource)


def test_a_resource_whose_completion_fails_is_kept_as_incomplete(engine: Engine):
    inputs = {"name": "half", "recoveryWindowInDays": 0, "replicas": [{"region": "us-east-1"}]}
    with pytest.raises(FailedError, match="ReplicateSecretToRegions") as failure:
        engine.create("aws:secretsmanager/secret:Secret", "half", **inputs)
    assert failure.value.incomplete is not None
    engine.clients("secretsmanager").delete_secret(SecretId="half", ForceDeleteWithoutRecovery=True)


def test_a_distribution_is_disabled_before_it_is_deleted(engine: Engine, world: World):
    resource = engine.create("aws:cloudfront/distribution:Distribution", "brief", **distribution_inputs(world))
    api = engine.clients("cloudfront")
    with pytest.raises(api.exceptions.DistributionNotDisabled):
        api.delete_distribution(Id=resource.id, IfMatch=resource.outputs["etag"])
    engine.delete(resource)
    assert engine.refresh(resource) is None


def test_a_change_deep_in_a_distribution_is_told_by_its_path(engine: Engine, world: World):
    inputs = distribution_inputs(world)
    resource = engine.create("aws:cloudfront/distribution:Distribution", "told", **inputs)
    behavior = inputs["defaultCacheBehavior"]
    association = behavior["lambdaFunctionAssociations"][0] | {"lambdaArn": UNKNOWN}
    changed = engine.diff(resource, defaultCacheBehavior=behavior | {"lambdaFunctionAssociations": [association]})
    assert changed.changes == {"defaultCacheBehavior.lambdaFunctionAssociations[0].lambdaArn": "UPDATE"}
    engine.delete(resource)


FUNCTION = "aws:cloudfront/function:Function"
STORE = "aws:cloudfront/keyValueStore:KeyValueStore"
KEYS = "aws:cloudfront/keyvaluestoreKeysExclusive:KeyvaluestoreKeysExclusive"


def test_new_code_of_a_viewer_function_is_live_at_once_and_a_tag_publishes_nothing(engine: Engine):
    resource = engine.create(FUNCTION, "live", runtime="cloudfront-js-2.0", code=VIEWER_FUNCTION)
    foreseen = engine.update(resource, preview=True, code="second").outputs
    assert (foreseen["liveStageEtag"], foreseen["arn"]) == (UNKNOWN, resource.outputs["arn"])
    changed = engine.update(resource, code="second")
    live = engine.clients("cloudfront").get_function(Name=resource.id, Stage="LIVE")
    assert live["FunctionCode"].read() == b"second"
    assert changed.outputs["liveStageEtag"] == live["ETag"] != resource.outputs["liveStageEtag"]
    tagged = engine.update(changed, tags={"team": "edge"})
    assert tagged.outputs["liveStageEtag"] == live["ETag"]
    engine.delete(tagged)


def test_a_viewer_function_that_is_not_published_is_live_when_it_comes_to_be(engine: Engine):
    resource = engine.create(FUNCTION, "draft", runtime="cloudfront-js-2.0", code=VIEWER_FUNCTION, publish=False)
    assert (resource.outputs["liveStageEtag"], resource.outputs["status"]) == ("", "UNPUBLISHED")
    published = engine.update(resource, publish=None)
    assert published.outputs["liveStageEtag"]
    assert published.outputs["status"] == "UNASSOCIATED"
    engine.delete(published)


def test_what_a_distribution_or_a_function_still_uses_is_not_deleted(engine: Engine, world: World):
    store = engine.create(STORE, "used")
    function = engine.create(
        FUNCTION,
        "used",
        runtime="cloudfront-js-2.0",
        code=VIEWER_FUNCTION,
        keyValueStoreAssociations=[store.outputs["arn"]],
    )
    inputs = distribution_inputs(world)
    association = {"eventType": "viewer-request", "functionArn": function.outputs["arn"]}
    inputs["defaultCacheBehavior"]["functionAssociations"] = [association]
    token = "aws:cloudfront/distribution:Distribution"
    distribution = engine.create(token, "uses", **inputs)
    assert engine.refresh(distribution) == distribution
    with pytest.raises(FailedError, match="FunctionInUse"):
        engine.delete(function)
    with pytest.raises(FailedError, match="CannotDeleteEntityWhileInUse"):
        engine.delete(store)
    for resource in (distribution, function, store):
        engine.delete(resource)


def test_a_store_is_brought_to_its_keys_fifty_at_a_time(engine: Engine):
    store = engine.create(STORE, "large")
    pairs = [{"key": f"K{number}", "value": str(number)} for number in range(120)]
    arn = store.outputs["arn"]
    keys = engine.create(KEYS, "large", keyValueStoreArn=arn, resourceKeyValuePairs=pairs)
    assert len(keys.outputs["resourceKeyValuePairs"]) == 120
    engine.changed.clear()
    fewer = engine.update(keys, resourceKeyValuePairs=[*pairs[60:], {"key": "K0", "value": "changed"}])
    assert engine.changed == ["cloudfront-keyvaluestore"] * 2, "59 keys go and one changes"
    assert engine.refresh(fewer) == fewer
    assert fewer.outputs["totalSizeInBytes"] == sum(len(f"K{n}{n}") for n in range(60, 120)) + len("K0changed")
    for resource in (fewer, store):
        engine.delete(resource)


def test_keys_put_by_hand_are_drift_that_the_next_update_undoes(engine: Engine):
    store = engine.create(STORE, "drifting")
    arn = store.outputs["arn"]
    keys = engine.create(KEYS, "drifting", keyValueStoreArn=arn, resourceKeyValuePairs=[{"key": "A", "value": "1"}])
    api = engine.clients("cloudfront-keyvaluestore")
    etag = api.describe_key_value_store(KvsARN=arn)["ETag"]
    api.put_key(KvsARN=arn, Key="by-hand", Value="2", IfMatch=etag)
    seen = engine.refresh(keys)
    assert seen is not None
    undone = engine.update(seen, resourceKeyValuePairs=keys.inputs["resourceKeyValuePairs"])
    assert [item["Key"] for item in api.list_keys(KvsARN=arn)["Items"]] == ["A"]
    for resource in (undone, store):
        engine.delete(resource)


def test_custom_headers_of_an_origin_live_in_the_distribution(engine: Engine, world: World):
    inputs = distribution_inputs(world)
    inputs["origins"][0]["customHeaders"] = [{"name": f"x-secret-{n}", "value": "v" * 900} for n in range(10)]
    token = "aws:cloudfront/distribution:Distribution"
    distribution = engine.create(token, "headers", **inputs)
    assert engine.refresh(distribution) == distribution
    more = [inputs["origins"][0] | {"customHeaders": [{"name": "x-secret-0", "value": "w" * 1784}]}]
    with pytest.raises(FailedError, match="InvalidArgument: The custom header x-secret-0") as refused:
        engine.update(distribution, origins=more)
    assert "www" not in str(refused.value)
    engine.delete(distribution)


def test_caller_zone_and_password_are_looked_up(engine: Engine, world: World):
    assert engine.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "000000000000"
    zone = engine.invoke("aws:route53/getZone:getZone", name="base.localhost", privateZone=False)
    assert zone["zoneId"] == world.zone.id
    token = "aws:secretsmanager/getRandomPassword:getRandomPassword"
    password = engine.invoke(token, passwordLength=48, excludePunctuation=True, region="us-east-1")["randomPassword"]
    assert len(password) == 48
    assert password.isalnum()


def test_the_gateway_told_of_every_service_that_changed(engine: Engine, world: World):
    engine.changed.clear()
    resource = engine.create("aws:cloudwatch/logGroup:LogGroup", "telling", region=REGION, retentionInDays=7)
    assert set(engine.changed) == {"logs"}
    engine.changed.clear()
    engine.refresh(resource)
    assert engine.changed == []
    engine.delete(resource)

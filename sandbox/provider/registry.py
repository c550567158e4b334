"""Every resource type and function that the embedded AWS knows, by Pulumi's token."""

from collections.abc import Callable

from sandbox.provider import (
    acm,
    alarms,
    appsync,
    cloudfront,
    cloudfront_functions,
    dashboards,
    dynamodb,
    event_sources,
    events,
    function_urls,
    health_checks,
    iam,
    key_value_stores,
    kms,
    lambda_,
    logs,
    route53,
    secretsmanager,
    sns,
    sqs,
    sts,
)
from sandbox.provider.resource import Aws, Properties, Resource

RESOURCES: dict[str, Resource] = {
    resource.token: resource
    for resource in (
        acm.Certificate(),
        acm.CertificateValidation(),
        alarms.CompositeAlarm(),
        alarms.MetricAlarm(),
        appsync.DataSource(),
        appsync.DomainName(),
        appsync.DomainNameApiAssociation(),
        appsync.GraphQLApi(),
        appsync.Resolver(),
        cloudfront.Distribution(),
        cloudfront_functions.Function(),
        dashboards.Dashboard(),
        dynamodb.Table(),
        event_sources.EventSourceMapping(),
        events.EventBus(),
        events.EventRule(),
        events.EventTarget(),
        function_urls.FunctionUrl(),
        health_checks.HealthCheck(),
        iam.Role(),
        iam.RolePolicy(),
        key_value_stores.KeyValueStore(),
        key_value_stores.KeysExclusive(),
        kms.Key(),
        lambda_.Function(),
        lambda_.Permission(),
        logs.LogGroup(),
        route53.Record(),
        route53.Zone(),
        secretsmanager.Secret(),
        secretsmanager.SecretVersion(),
        sns.Topic(),
        sqs.Queue(),
        sqs.QueuePolicy(),
    )
}

FUNCTIONS: dict[str, Callable[[Aws, Properties], Properties]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": sts.get_caller_identity,
    "aws:route53/getZone:getZone": route53.get_zone,
    "aws:secretsmanager/getRandomPassword:getRandomPassword": secretsmanager.get_random_password,
}

"""The same design with what this project's own program does without.

A REST API in two regions behind CloudFront and a router, which DNS tells which of the two is near and well; objects in
buckets that replicate to each other, reached through a Multi-Region Access Point; a global database; queues and topics.
"""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

DOMAIN = "example.com"
RECORD = f"latency-routing.{DOMAIN}"
REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
HOSTS = {key: f"{key}-rest.{DOMAIN}" for key in REGIONS}

ROUTER = """import json
from pathlib import Path

import dns.resolver

TABLE = json.loads(Path(__file__).with_name("routes.json").read_text())


def handler(event, context):
    request = event["Records"][0]["cf"]["request"]
    try:
        key = dns.resolver.resolve(TABLE["record"], "CNAME")[0].target.to_text().rstrip(".")
        host = TABLE["regions"][key]["host"]
    except Exception:
        return {"status": "503", "headers": {"retry-after": [{"key": "Retry-After", "value": "1"}]}}
    request["origin"]["custom"]["domainName"] = host
    request["headers"]["host"] = [{"key": "Host", "value": host}]
    return request
"""
TABLE = {
    "record": RECORD,
    "zone": DOMAIN,
    "routing": "region",
    "regions": {key: {"host": HOSTS[key], "region": region} for key, region in REGIONS.items()},
}
FUNCTION = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'ok'}\n"


def policy(*statements: dict[str, Any]) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(*services: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


zone = aws.route53.get_zone_output(name=DOMAIN)


def issued(name: str, host: str, region: str, *others: str) -> pulumi.Output[str]:
    """The ARN of a certificate that is valid."""
    certificate = aws.acm.Certificate(
        f"{name}-certificate",
        domain_name=host,
        subject_alternative_names=list(others),
        validation_method="DNS",
        region=region,
    )
    option = certificate.domain_validation_options[0]
    record = aws.route53.Record(
        f"{name}-validation",
        zone_id=zone.zone_id,
        name=option.resource_record_name,
        type=option.resource_record_type,
        ttl=60,
        records=[option.resource_record_value],
        allow_overwrite=True,
    )
    validation = aws.acm.CertificateValidation(
        f"{name}-issued",
        certificate_arn=certificate.arn,
        validation_record_fqdns=[record.fqdn],
        region=region,
    )
    return validation.certificate_arn


def rest_api(key: str, region: str) -> None:
    """The API of a region, at a host of its own that a health check asks."""
    role = aws.iam.Role(f"{key}-role", assume_role_policy=trust("lambda.amazonaws.com"))
    function = aws.lambda_.Function(
        f"{key}-function",
        role=role.arn,
        runtime="python3.13",
        handler="app.handler",
        code=pulumi.AssetArchive({"app.py": pulumi.StringAsset(FUNCTION)}),
        memory_size=256,
        timeout=10,
        region=region,
    )
    api = aws.apigateway.RestApi(f"{key}-api", endpoint_configuration={"types": "REGIONAL"}, region=region)
    path = aws.apigateway.Resource(
        f"{key}-path", rest_api=api.id, parent_id=api.root_resource_id, path_part="{proxy+}", region=region
    )
    method = aws.apigateway.Method(
        f"{key}-method",
        rest_api=api.id,
        resource_id=path.id,
        http_method="ANY",
        authorization="AWS_IAM",
        region=region,
    )
    integration = aws.apigateway.Integration(
        f"{key}-integration",
        rest_api=api.id,
        resource_id=path.id,
        http_method=method.http_method,
        integration_http_method="POST",
        type="AWS_PROXY",
        uri=function.invoke_arn,
        region=region,
    )
    aws.lambda_.Permission(
        f"{key}-permission",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="apigateway.amazonaws.com",
        source_arn=pulumi.Output.concat(api.execution_arn, "/*/*"),
        region=region,
    )
    deployment = aws.apigateway.Deployment(
        f"{key}-deployment",
        rest_api=api.id,
        region=region,
        opts=pulumi.ResourceOptions(depends_on=[integration]),
    )
    stage = aws.apigateway.Stage(
        f"{key}-stage", rest_api=api.id, deployment=deployment.id, stage_name="live", region=region
    )
    domain = aws.apigateway.DomainName(
        f"{key}-domain",
        domain_name=HOSTS[key],
        regional_certificate_arn=issued(f"{key}-rest", HOSTS[key], region),
        endpoint_configuration={"types": "REGIONAL"},
        security_policy="TLS_1_2",
        region=region,
    )
    aws.apigateway.BasePathMapping(
        f"{key}-mapping",
        rest_api=api.id,
        stage_name=stage.stage_name,
        domain_name=domain.domain_name,
        region=region,
    )
    host = aws.route53.Record(
        f"{key}-host",
        zone_id=zone.zone_id,
        name=HOSTS[key],
        type="A",
        aliases=[
            {
                "name": domain.regional_domain_name,
                "zone_id": domain.regional_zone_id,
                "evaluate_target_health": False,
            }
        ],
    )
    check = aws.route53.HealthCheck(
        f"{key}-check",
        fqdn=HOSTS[key],
        port=443,
        type="HTTPS",
        resource_path="/health",
        enable_sni=True,
        request_interval=10,
        failure_threshold=3,
    )
    aws.route53.Record(
        f"latency-{key}",
        zone_id=zone.zone_id,
        name=RECORD,
        type="CNAME",
        ttl=60,
        records=[key],
        set_identifier=key,
        latency_routing_policies=[{"region": region}],
        health_check_id=check.id,
        opts=pulumi.ResourceOptions(depends_on=[host]),
    )


def bucket(key: str, region: str) -> tuple[aws.s3.Bucket, aws.s3.BucketVersioning]:
    made = aws.s3.Bucket(f"{key}-files", region=region)
    versioning = aws.s3.BucketVersioning(
        f"{key}-versioning",
        bucket=made.bucket,
        versioning_configuration={"status": "Enabled"},
        region=region,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{key}-encryption",
        bucket=made.bucket,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        region=region,
    )
    private = aws.s3.BucketPublicAccessBlock(
        f"{key}-private",
        bucket=made.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        region=region,
    )
    aws.s3.BucketPolicy(
        f"{key}-tls-only",
        bucket=made.bucket,
        policy=policy(
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [made.arn, pulumi.Output.concat(made.arn, "/*")],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ),
        region=region,
        opts=pulumi.ResourceOptions(depends_on=[private]),
    )
    return made, versioning


def replicate(
    key: str, buckets: dict[str, aws.s3.Bucket], role: aws.iam.Role, versioned: list[aws.s3.BucketVersioning]
) -> None:
    aws.s3.BucketReplicationConfig(
        f"{key}-replication",
        bucket=buckets[key].bucket,
        role=role.arn,
        rules=[
            {
                "id": f"to-{other}",
                "status": "Enabled",
                "priority": number,
                "filter": {},
                "delete_marker_replication": {"status": "Enabled"},
                "source_selection_criteria": {"replica_modifications": {"status": "Enabled"}},
                "destination": {
                    "bucket": buckets[other].arn,
                    "replication_time": {"status": "Enabled", "time": {"minutes": 15}},
                    "metrics": {"status": "Enabled", "event_threshold": {"minutes": 15}},
                },
            }
            for number, other in enumerate(each for each in buckets if each != key)
        ],
        region=REGIONS[key],
        opts=pulumi.ResourceOptions(depends_on=versioned),
    )


def queue(key: str, region: str) -> None:
    topic = aws.sns.Topic(f"{key}-topic", kms_master_key_id="alias/aws/sns", region=region)
    letters = aws.sqs.Queue(
        f"{key}-letters", message_retention_seconds=1209600, sqs_managed_sse_enabled=True, region=region
    )
    tasks = aws.sqs.Queue(
        f"{key}-tasks",
        sqs_managed_sse_enabled=True,
        redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": letters.arn, "maxReceiveCount": 5}),
        region=region,
    )
    aws.sqs.QueuePolicy(
        f"{key}-tasks-policy",
        queue_url=tasks.url,
        policy=policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": tasks.arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic.arn}},
            }
        ),
        region=region,
    )
    aws.sns.TopicSubscription(f"{key}-subscription", topic=topic.arn, protocol="sqs", endpoint=tasks.arn, region=region)


def database(key: str, region: str, world: aws.rds.GlobalCluster, after: list[pulumi.Resource]) -> pulumi.Resource:
    """A region's cluster; the first writes, and the others pass writes on to it."""
    is_first = not after
    cluster = aws.rds.Cluster(
        f"{key}-cluster",
        global_cluster_identifier=world.id,
        engine="aurora-postgresql",
        engine_version="16.6",
        database_name="app" if is_first else None,
        master_username="app" if is_first else None,
        manage_master_user_password=True if is_first else None,
        enable_global_write_forwarding=None if is_first else True,
        storage_encrypted=True,
        kms_key_id="alias/aws/rds",
        deletion_protection=True,
        backup_retention_period=7,
        final_snapshot_identifier=f"{key}-last",
        region=region,
        opts=pulumi.ResourceOptions(depends_on=after),
    )
    return aws.rds.ClusterInstance(
        f"{key}-instance",
        cluster_identifier=cluster.id,
        engine=aws.rds.EngineType.AURORA_POSTGRESQL,
        engine_version="16.6",
        instance_class="db.r6g.large",
        region=region,
    )


for name, place in REGIONS.items():
    rest_api(name, place)
    queue(name, place)

made_buckets = {name: bucket(name, place) for name, place in REGIONS.items()}
files = {name: made for name, (made, _) in made_buckets.items()}
copier = aws.iam.Role("copier", assume_role_policy=trust("s3.amazonaws.com"))
aws.iam.RolePolicy(
    "copier-policy",
    role=copier.name,
    policy=policy(
        {
            "Effect": "Allow",
            "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
            "Resource": [each.arn for each in files.values()],
        },
        {
            "Effect": "Allow",
            "Action": [
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
                "s3:ReplicateObject",
                "s3:ReplicateDelete",
                "s3:ReplicateTags",
            ],
            "Resource": [pulumi.Output.concat(each.arn, "/*") for each in files.values()],
        },
    ),
)
for name in REGIONS:
    replicate(name, files, copier, [versioning for _, versioning in made_buckets.values()])
access_point = aws.s3control.MultiRegionAccessPoint(
    "files",
    details={
        "name": "files",
        "regions": [{"bucket": each.bucket} for each in files.values()],
        "public_access_block": {
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        },
    },
    region="us-east-1",
)

clusters = aws.rds.GlobalCluster(
    "world",
    global_cluster_identifier="world",
    engine="aurora-postgresql",
    engine_version="16.6",
    database_name="app",
    storage_encrypted=True,
    deletion_protection=True,
    region="eu-west-1",
)
earlier: list[pulumi.Resource] = []
for name, place in REGIONS.items():
    earlier = [*earlier, database(name, place, clusters, earlier)]

router_role = aws.iam.Role("router-role", assume_role_policy=trust("lambda.amazonaws.com", "edgelambda.amazonaws.com"))
router = aws.lambda_.Function(
    "router",
    role=router_role.arn,
    runtime="python3.13",
    handler="router.handler",
    code=pulumi.AssetArchive(
        {"router.py": pulumi.StringAsset(ROUTER), "routes.json": pulumi.StringAsset(json.dumps(TABLE))}
    ),
    memory_size=128,
    timeout=5,
    publish=True,
    skip_destroy=True,
    region="us-east-1",
)
default_origin = aws.route53.Record(
    "default-origin", zone_id=zone.zone_id, name=f"default-origin.{DOMAIN}", type="A", ttl=300, records=["192.0.2.1"]
)
distribution = aws.cloudfront.Distribution(
    "distribution",
    enabled=True,
    aliases=[f"global-rest.{DOMAIN}"],
    http_version="http2and3",
    is_ipv6_enabled=True,
    origins=[
        {
            "origin_id": "default",
            "domain_name": f"default-origin.{DOMAIN}",
            "custom_origin_config": {
                "http_port": 80,
                "https_port": 443,
                "origin_protocol_policy": "https-only",
                "origin_ssl_protocols": ["TLSv1.2"],
            },
        }
    ],
    default_cache_behavior={
        "target_origin_id": "default",
        "viewer_protocol_policy": "https-only",
        "allowed_methods": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "origin_request_policy_id": "216adef6-5c7f-47e4-b989-5492eafa07d3",
        "lambda_function_associations": [
            {"event_type": "origin-request", "lambda_arn": router.qualified_arn, "include_body": False}
        ],
    },
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={
        "acm_certificate_arn": issued("wildcard", DOMAIN, "us-east-1", f"*.{DOMAIN}"),
        "ssl_support_method": "sni-only",
        "minimum_protocol_version": "TLSv1.2_2021",
    },
    opts=pulumi.ResourceOptions(depends_on=[default_origin]),
)
aws.route53.Record(
    "global",
    zone_id=zone.zone_id,
    name=f"global-rest.{DOMAIN}",
    type="CNAME",
    ttl=300,
    records=[distribution.domain_name],
)
pulumi.export("files", access_point.alias)

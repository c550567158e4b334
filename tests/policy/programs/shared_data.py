"""Data that regions share, without a router: files behind one access point, and a strongly consistent table."""

import json

import pulumi
import pulumi_aws as aws

REGIONS = {"virginia": "us-east-1", "ohio": "us-east-2"}


def tls_only(bucket: str) -> str:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


trust = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
role = aws.iam.Role("replication", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
buckets, versionings = {}, {}
for key, region in REGIONS.items():
    name = f"files-{key}-example"
    buckets[key] = aws.s3.Bucket(f"{key}-files", bucket=name, region=region)
    versionings[key] = aws.s3.BucketVersioning(
        f"{key}-versioning", bucket=buckets[key].id, versioning_configuration={"status": "Enabled"}, region=region
    )
    aws.s3.BucketPublicAccessBlock(
        f"{key}-private",
        bucket=buckets[key].id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        region=region,
    )
    aws.s3.BucketPolicy(f"{key}-policy", bucket=buckets[key].id, policy=tls_only(name), region=region)

for key, region in REGIONS.items():
    aws.s3.BucketReplicationConfig(
        f"{key}-replication",
        bucket=buckets[key].id,
        role=role.arn,
        rules=[
            {"id": other, "status": "Enabled", "destination": {"bucket": bucket.arn}}
            for other, bucket in buckets.items()
            if other != key
        ],
        region=region,
        opts=pulumi.ResourceOptions(depends_on=list(versionings.values())),
    )

aws.s3control.MultiRegionAccessPoint(
    "files", details={"name": "files", "regions": [{"bucket": bucket.id} for bucket in buckets.values()]}
)
aws.dynamodb.Table(
    "ledger",
    attributes=[{"name": "id", "type": "S"}],
    hash_key="id",
    billing_mode="PAY_PER_REQUEST",
    point_in_time_recovery={"enabled": True},
    region="us-east-1",
    replicas=[
        {"region_name": region, "consistency_mode": "STRONG", "point_in_time_recovery": True}
        for region in ("us-east-2", "us-west-2")
    ],
)

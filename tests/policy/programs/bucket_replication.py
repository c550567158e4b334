"""A bucket whose objects are copied to another region for the archive."""

import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))


def versioned(name: str, opts: pulumi.ResourceOptions | None = None) -> tuple[aws.s3.Bucket, aws.s3.BucketVersioning]:
    bucket = aws.s3.Bucket(name, opts=opts)
    versioning = aws.s3.BucketVersioning(
        f"{name}-versioning", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, opts=opts
    )
    return bucket, versioning


source, source_versioning = versioned("source")
archive, archive_versioning = versioned("archive", west)
role = aws.iam.Role(
    "replication",
    assume_role_policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    ),
)
aws.iam.RolePolicy(
    "replication-policy",
    role=role.name,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
                    "Resource": source.arn,
                },
                {
                    "Effect": "Allow",
                    "Action": ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl"],
                    "Resource": pulumi.Output.concat(source.arn, "/*"),
                },
                {
                    "Effect": "Allow",
                    "Action": ["s3:ReplicateObject", "s3:ReplicateDelete"],
                    "Resource": pulumi.Output.concat(archive.arn, "/*"),
                },
            ],
        }
    ),
)
aws.s3.BucketReplicationConfig(
    "replicate",
    bucket=source.bucket,
    role=role.arn,
    rules=[
        {
            "id": "all",
            "status": "Enabled",
            "filter": {},
            "delete_marker_replication": {"status": "Disabled"},
            "destination": {"bucket": archive.arn, "storage_class": "STANDARD_IA"},
        }
    ],
    opts=pulumi.ResourceOptions(depends_on=[source_versioning, archive_versioning]),
)

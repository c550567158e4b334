from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.buckets import parts_of, replicated_buckets

_VERSIONING = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")


def _judge(bucket: Resource) -> Iterator[Verdict]:
    if bucket.read("objectLockEnabled") or _has_inline(bucket):
        return
    own = parts_of(bucket, *_VERSIONING)
    states = [given.read("status") for versioning in own if (given := versioning.inner("versioningConfiguration"))]
    if "Enabled" not in states:
        yield Violation(
            bucket,
            f"it is replicated, and its versioning is {' and '.join(states) or 'not enabled'}: S3 replicates versions "
            "alone, and refuses the replication.",
            'Add a BucketVersioning for it with the status "Enabled".',
        )


def _has_inline(bucket: Resource) -> bool:
    versioning = bucket.inner("versioning")
    return bool(versioning and versioning.read("enabled"))


RULE = stack_rule(
    About(
        name="data-bucket-versioning",
        title="Replicated buckets keep versions",
        description="Both buckets of a replication must have versioning enabled.",
        fix='Add a BucketVersioning with versioning_configuration={"status": "Enabled"} for each of the two buckets.',
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
        severity=Severity.HIGH,
    ),
    lambda stack: each(*replicated_buckets(stack)),
    _judge,
)

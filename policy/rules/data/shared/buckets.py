"""S3 buckets that serve several regions: those that are replicated, and those behind a Multi-Region Access Point."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...shared.design import is_active_active
from ...shared.known import UNKNOWN, NotKnownError
from ...shared.rule import Subject
from ...shared.stack import Resource, Stack

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
ACCESS_POINT = "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint"


@dataclass(frozen=True)
class Replication:
    """What one bucket's objects are copied to; of this stack's buckets."""

    source: Resource
    targets: tuple[Resource, ...]


def of_bucket(resource: Resource, key: str = "bucket") -> list[Resource]:
    """The buckets that a resource is for."""
    return resource.sources(key, *BUCKETS, value=resource.peek(key))


def parts_of(bucket: Resource, *kinds: str) -> list[Resource]:
    """The resources of these kinds that are for the bucket."""
    return [each for each in bucket.stack.of(*kinds) if bucket in of_bucket(each)]


def replications(stack: Stack) -> Iterator[Replication]:
    """Every replication that is in force."""
    for config in stack.of(REPLICATION):
        for source in of_bucket(config):
            yield Replication(source, _unique(_targets(config)))


def members(access_point: Resource) -> tuple[Resource, ...]:
    """The stack's buckets behind a Multi-Region Access Point."""
    try:
        details = access_point.inner("details")
        names = [region.peek("bucket") for region in details.each("regions")] if details else []
    except NotKnownError:
        names = [UNKNOWN]
    return _unique(each for name in names for each in access_point.sources("details", *BUCKETS, value=name))


def shared_buckets(stack: Stack) -> Iterator[Subject[Resource]]:
    """Buckets behind a Multi-Region Access Point, and in an active/active stack those that are replicated."""
    found = [bucket for each in stack.of(ACCESS_POINT) for bucket in members(each)]
    if stack.of(REPLICATION) and is_active_active(stack):
        found += replicated_buckets(stack)
    for bucket in _unique(found):
        yield Subject(bucket, bucket)


def replicated_buckets(stack: Stack) -> tuple[Resource, ...]:
    """The sources and the targets of replication."""
    return _unique(bucket for each in replications(stack) for bucket in (each.source, *each.targets))


def _targets(config: Resource) -> Iterator[Resource]:
    try:
        rules = config.each("rules")
    except NotKnownError:
        yield from config.sources("rules", *BUCKETS)
        return
    for rule in rules:
        if rule.peek("status") == "Disabled":
            continue
        try:
            destination = rule.inner("destination")
            arn = destination.peek("bucket") if destination else None
        except NotKnownError:
            arn = UNKNOWN
        if arn is not None:
            yield from config.sources("rules", *BUCKETS, value=arn)


def _unique(buckets: "Iterator[Resource] | list[Resource]") -> tuple[Resource, ...]:
    return tuple({bucket.urn: bucket for bucket in buckets}.values())

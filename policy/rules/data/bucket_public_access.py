from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.known import Properties
from ..shared.rule import About, Subject, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.verdict import Verdict, Violation
from .shared.buckets import ACCESS_POINT, parts_of, shared_buckets

_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
_ALL = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_FIX = "Set block_public_acls, block_public_policy, ignore_public_acls and restrict_public_buckets to True"


def _subjects(stack: Stack) -> Iterator[Subject[Resource]]:
    if not any(all(account.peek(key) is True for key in _ALL) for account in stack.of(_ACCOUNT)):
        yield from shared_buckets(stack)
    for access_point in stack.of(ACCESS_POINT):
        yield Subject(access_point, access_point)


def _judge(resource: Resource) -> Iterator[Verdict]:
    if resource.kind == ACCESS_POINT:
        details = resource.inner("details")
        block = details.inner("publicAccessBlock") if details else None
        # What an access point does not say is blocked, unlike on a bucket.
        if block and (open_ := [key for key in _ALL if block.read(key) is False]):
            yield Violation(resource, f"it lets the public in by {', '.join(open_)}.", f"{_FIX}.", block.place)
        return
    blocks = parts_of(resource, _BLOCK)
    if not blocks:
        yield Violation(
            resource,
            "it serves several regions, and nothing keeps its public access blocked: S3 does on a new bucket, until "
            "somebody lifts that.",
            f"Add a BucketPublicAccessBlock for it. {_FIX}.",
        )
    for block in blocks:
        if open_ := _open(block):
            yield Violation(
                block, f"bucket '{resource.name}' serves several regions, and {', '.join(open_)} is off.", f"{_FIX}."
            )


def _open(block: Properties) -> list[str]:
    return [key for key in _ALL if not block.read(key)]


RULE = stack_rule(
    About(
        name="data-bucket-public-access",
        title="Buckets of several regions are not public",
        description=(
            "A bucket that is replicated or behind a Multi-Region Access Point should block public access in all four "
            "ways."
        ),
        fix=f"{_FIX} on a BucketPublicAccessBlock of the bucket.",
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
        severity=Severity.HIGH,
        level=EnforcementLevel.ADVISORY,
    ),
    _subjects,
    _judge,
)

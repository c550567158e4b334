from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.buckets import ACCESS_POINT, members, replications


def _judge(access_point: Resource) -> Iterator[Verdict]:
    buckets = members(access_point)
    copied = {(one.source.urn, target.urn) for one in replications(access_point.stack) for target in one.targets}
    for source in buckets:
        missing = [other.name for other in buckets if other.urn != source.urn and (source.urn, other.urn) not in copied]
        if missing:
            yield Violation(
                access_point,
                f"it reads and writes the nearest of {len(buckets)} buckets, and what is written to '{source.name}' "
                f"does not reach {', '.join(missing)}: viewers there do not find it.",
                f"Replicate '{source.name}' to each of them by a BucketReplicationConfig: a replica is not replicated "
                "further.",
            )


RULE = stack_rule(
    About(
        name="data-bucket-replication",
        title="Buckets of one access point hold the same objects",
        description="The buckets behind a Multi-Region Access Point should be replicated to one another, each to all.",
        fix="Give each bucket a BucketReplicationConfig with a rule for each of the others.",
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointBucketReplication.html",
        severity=Severity.HIGH,
        level=EnforcementLevel.ADVISORY,
    ),
    lambda stack: each(*stack.of(ACCESS_POINT)),
    _judge,
)

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from ..shared.documents import as_list, statements
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.buckets import parts_of, shared_buckets

_POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def _judge(bucket: Resource) -> Iterator[Verdict]:
    found = [
        each
        for policy in parts_of(bucket, _POLICY)
        for each in statements(policy.read("policy"), f"the policy '{policy.name}'")
    ]
    if not any(map(_denies_plain, found)):
        yield Violation(
            bucket,
            "it serves several regions, and no policy of it refuses requests without TLS.",
            'Deny s3:* to everyone under the condition {"Bool": {"aws:SecureTransport": "false"}} in a BucketPolicy.',
        )


def _denies_plain(statement: Mapping[str, Any]) -> bool:
    condition = statement.get("Condition")
    if statement.get("Effect") != "Deny" or not isinstance(condition, Mapping):
        return False
    # Operators and keys of conditions ignore case.
    bools = [given for operator, given in condition.items() if str(operator).lower() in ("bool", "boolifexists")]
    return any(
        str(key).lower() == "aws:securetransport" and "false" in [str(each).lower() for each in as_list(value)]
        for given in bools
        if isinstance(given, Mapping)
        for key, value in given.items()
    )


RULE = stack_rule(
    About(
        name="data-bucket-tls-only",
        title="Buckets of several regions are read and written by TLS alone",
        description="A bucket that is replicated or behind a Multi-Region Access Point should want TLS of everyone.",
        fix='Deny s3:* where "aws:SecureTransport" is "false", in a BucketPolicy of the bucket.',
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
    ),
    shared_buckets,
    _judge,
)

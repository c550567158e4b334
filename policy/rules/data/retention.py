from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import PROTECTED, where_protected
from ..shared.kinds import CLUSTER, DATABASE, SECRET
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.buckets import BUCKETS

_DATABASES = (CLUSTER, DATABASE)
_SHORTEST = 7  # days; Secrets Manager takes 7 to 30, or 0 to delete at once
_DEFAULT = 30


def _judge(resource: Resource) -> Iterator[Verdict]:
    if resource.kind == SECRET:
        days = resource.read("recoveryWindowInDays")
        if (_DEFAULT if days is None else days) < _SHORTEST:
            yield Violation(
                resource,
                f"the stack is a protected one, and this secret is gone {days} days after its deletion.",
                f"Set recovery_window_in_days to {_SHORTEST} or more, or leave it out for {_DEFAULT}.",
                "recoveryWindowInDays",
            )
    elif resource.kind in BUCKETS:
        if resource.read("forceDestroy"):
            yield Violation(
                resource,
                "the stack is a protected one, and this bucket is deleted with all its objects.",
                "Remove force_destroy, so that a bucket that holds anything stays.",
                "forceDestroy",
            )
    elif resource.read("skipFinalSnapshot"):
        yield Violation(
            resource,
            "the stack is a protected one, and this database is deleted without a last snapshot.",
            "Remove skip_final_snapshot, and name the snapshot in final_snapshot_identifier.",
            "skipFinalSnapshot",
        )


RULE = stack_rule(
    About(
        name="data-retention",
        title="What a protected stack deletes can be restored",
        description="Secrets, buckets and databases of a protected stack must leave something to restore when they go.",
        fix="Give secrets a recovery window of 7 days or more, buckets no force_destroy, databases a final snapshot.",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
        severity=Severity.HIGH,
        settings=PROTECTED,
    ),
    where_protected(SECRET, *BUCKETS, *_DATABASES),
    _judge,
)

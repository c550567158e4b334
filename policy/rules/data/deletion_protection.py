from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import PROTECTED, where_protected
from ..shared.kinds import CLUSTER, DATABASE, GLOBAL_CLUSTER, REPLICA, TABLE
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_KEYS = {
    TABLE: "deletionProtectionEnabled",
    REPLICA: "deletionProtectionEnabled",
    CLUSTER: "deletionProtection",
    GLOBAL_CLUSTER: "deletionProtection",
    DATABASE: "deletionProtection",
}


def _judge(resource: Resource) -> Iterator[Verdict]:
    key = _KEYS[resource.kind]
    if not resource.read(key):
        yield Violation(
            resource,
            "the stack is a protected one, and this can be deleted with all that it holds.",
            f"Set {'deletion_protection_enabled' if key.endswith('Enabled') else 'deletion_protection'}=True.",
            key,
        )


RULE = stack_rule(
    About(
        name="data-deletion-protection",
        title="A protected stack's data refuses to be deleted",
        description="Every table and database of a protected stack must have deletion protection.",
        fix="Set deletion_protection_enabled=True on tables and replicas, deletion_protection=True on databases.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
        severity=Severity.CRITICAL,
        settings=PROTECTED,
    ),
    where_protected(*_KEYS),
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.design import in_the_design
from ..shared.kinds import API_CACHE, CLUSTER, DATABASE, GLOBAL_CLUSTER
from ..shared.known import NotKnownError
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_KEYS = {
    CLUSTER: ("storageEncrypted",),
    GLOBAL_CLUSTER: ("storageEncrypted",),
    DATABASE: ("storageEncrypted",),
    API_CACHE: ("atRestEncryptionEnabled", "transitEncryptionEnabled"),
}

# What is made of something else is encrypted as that is.
_MADE_OF = {
    CLUSTER: ("replicationSourceIdentifier", "snapshotIdentifier"),
    GLOBAL_CLUSTER: ("sourceDbClusterIdentifier",),
    DATABASE: ("replicateSourceDb", "snapshotIdentifier"),
    API_CACHE: (),
}


def _judge(resource: Resource) -> Iterator[Verdict]:
    for key in _KEYS[resource.kind]:
        if resource.read(key):
            continue
        if not resource.states(key) and any(map(resource.states, _MADE_OF[resource.kind])):
            raise NotKnownError(key)
        yield Violation(
            resource,
            f"{key} is not set, so what it holds is not encrypted there; it cannot be turned on later.",
            f"Set {_python(key)}=True before anything is in it.",
            key,
        )


def _python(key: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in key)


RULE = stack_rule(
    About(
        name="data-encryption",
        title="Databases and caches are encrypted",
        description="Databases and AppSync caches of an active/active stack should be encrypted.",
        fix="Set storage_encrypted=True on databases, and both encryptions on an ApiCache.",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html",
        severity=Severity.HIGH,
        level=EnforcementLevel.ADVISORY,
    ),
    in_the_design(*_KEYS),
    _judge,
)

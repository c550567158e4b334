from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from ..shared.known import UNKNOWN, plain
from ..shared.rule import About, resource_rule
from ..shared.stack import Resource
from ..shared.streams import REPLICA, TABLE
from ..shared.verdict import Verdict, Violation

_WHY = "what is written by mistake is in every region within a second, and the replica cannot be had back as it was."


def _judge(resource: Resource) -> Iterator[Verdict]:
    if resource.kind == REPLICA:
        if resource.read("pointInTimeRecovery") is not True:
            yield Violation(resource, f"the replica has no point-in-time recovery: {_WHY}", _fix("the replica"))
        return
    replicas = resource.each("replicas")
    if not replicas:
        return
    own = resource.inner("pointInTimeRecovery")
    if own is None or own.read("enabled") is not True:
        yield Violation(
            resource,
            f"the table has replicas and no point-in-time recovery: {_WHY}",
            "Set point_in_time_recovery={'enabled': True} on the table.",
            "pointInTimeRecovery",
        )
    for replica in replicas:
        if replica.read("pointInTimeRecovery") is not True:
            yield Violation(
                resource,
                f"the replica in {_region(replica.peek('regionName'))} has no point-in-time recovery, which it does "
                f"not take over from the table: {_WHY}",
                _fix("each of the table's replicas"),
                replica.place,
            )


def _fix(where: str) -> str:
    return f"Set point_in_time_recovery=True on {where}."


def _region(name: Any) -> str:
    return "a region that is not known yet" if name is UNKNOWN else str(name)


def _mend(props: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """With point-in-time recovery everywhere. A table without replicas stays as it is."""
    if "globalTableArn" in props:
        return None if props.get("pointInTimeRecovery") is True else {**props, "pointInTimeRecovery": True}
    given = props.get("replicas")
    replicas = plain(given) if given else []
    if not replicas or UNKNOWN in replicas or any(UNKNOWN in replica.values() for replica in replicas):
        return None
    own = plain(props.get("pointInTimeRecovery")) or {}
    mended = {
        "pointInTimeRecovery": {**own, "enabled": True},
        "replicas": [{**replica, "pointInTimeRecovery": True} for replica in replicas],
    }
    as_it_is = own == mended["pointInTimeRecovery"] and replicas == mended["replicas"]
    return None if as_it_is else {**props, **mended}


RULE = resource_rule(
    About(
        name="regions-pitr",
        title="Every replica can be had back as it was",
        description="A table with replicas must have point-in-time recovery, and so must each replica.",
        fix="Set point_in_time_recovery={'enabled': True} on the table, point_in_time_recovery=True on each replica.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
        severity=Severity.HIGH,
    ),
    (TABLE, REPLICA),
    _judge,
    _mend,
)

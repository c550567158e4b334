from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, cast

from pulumi_policy import EnforcementLevel, Severity

from ..shared.kinds import REPLICA, TABLE
from ..shared.known import UNKNOWN
from ..shared.rule import About, resource_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_WHY = "what is written by mistake is in every region within a second, and the replica cannot be restored as it was."


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
    # Changed in place: a copy would lose which values are secret and which are not known yet.
    changed = cast("MutableMapping[str, Any]", props)
    if "globalTableArn" in props:
        return _switched_on(changed, "pointInTimeRecovery")
    replicas = props.get("replicas")
    if not replicas or isinstance(replicas, str):
        return None
    if not isinstance(props.get("pointInTimeRecovery"), Mapping):
        changed["pointInTimeRecovery"] = {"enabled": False}
    parts = [(changed["pointInTimeRecovery"], "enabled")]
    parts += [(replica, "pointInTimeRecovery") for replica in replicas if not isinstance(replica, str)]
    switched = [part for part in parts if _switched_on(*part)]
    return changed if switched else None


def _switched_on(props: MutableMapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """The properties with `key` true; None where it is."""
    if props.get(key) is True:
        return None
    props[key] = True
    return props


RULE = resource_rule(
    About(
        name="regions-pitr",
        title="Every replica can be restored as it was",
        description="A table with replicas should have point-in-time recovery, and so should each replica.",
        fix="Set point_in_time_recovery={'enabled': True} on the table, point_in_time_recovery=True on each replica.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
        severity=Severity.HIGH,
        level=EnforcementLevel.ADVISORY,
    ),
    (TABLE, REPLICA),
    _judge,
    _mend,
)

from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from ..shared.design import in_the_design
from ..shared.kinds import REPLICA, TABLE
from ..shared.known import UNKNOWN
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_KEY = "pointInTimeRecovery"
_WHY = "what is written by mistake is in every region within a second, and the replica cannot be restored as it was."


def _judge(resource: Resource) -> Iterator[Verdict]:
    if resource.kind == REPLICA:
        if resource.read(_KEY) is not True:
            yield Violation(resource, f"the replica has no point-in-time recovery: {_WHY}", _fix("the replica"))
        return
    replicas = resource.each("replicas")
    if not replicas:
        return
    own = resource.inner(_KEY)
    if own is None or own.read("enabled") is not True:
        yield Violation(
            resource,
            f"the table has replicas and no point-in-time recovery: {_WHY}",
            "Set point_in_time_recovery={'enabled': True} on the table.",
            _KEY,
        )
    for replica in replicas:
        if replica.read(_KEY) is not True:
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


RULE = stack_rule(
    About(
        name="regions-pitr",
        title="Every replica can be restored as it was",
        description="A table with replicas must have point-in-time recovery, and so must each replica.",
        fix="Set point_in_time_recovery={'enabled': True} on the table, point_in_time_recovery=True on each replica.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
        severity=Severity.HIGH,
    ),
    in_the_design(TABLE, REPLICA),
    _judge,
)

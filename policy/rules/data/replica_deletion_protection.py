from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from ..shared.global_tables import inline_replicas
from ..shared.kinds import TABLE
from ..shared.known import UNKNOWN
from ..shared.mending import changed, shown
from ..shared.rule import About, resource_rule
from ..shared.stack import Resource
from ..shared.verdict import Undecided, Verdict, Violation

_KEY = "deletionProtectionEnabled"


def _judge(table: Resource) -> Iterator[Verdict]:
    if table.peek(_KEY) is not True:
        return
    for replica in inline_replicas(table):
        found = replica.props.peek(_KEY)
        if found is UNKNOWN:
            yield Undecided(table, f"{_KEY} is not known yet.", replica.props.place)
        elif not found:
            yield Violation(
                table,
                f"the table refuses to be deleted, and its replica in {_named(replica.region)} does not: DynamoDB "
                "does not carry the protection over.",
                "Set deletion_protection_enabled=True on the replica.",
                replica.props.place,
            )


def _mend(props: Mapping[str, Any]) -> Mapping[str, Any] | None:
    table = shown(props, TABLE)
    if table.peek(_KEY) is not True or table.peek("replicas") is UNKNOWN:
        return None
    open_ = [index for index, replica in enumerate(table.each("replicas")) if replica.peek(_KEY) in (None, False)]
    for index in open_:
        changed(props["replicas"][index], {_KEY: True})
    return props if open_ else None


def _named(region: object) -> str:
    return region if isinstance(region, str) else "a region that is not known yet"


RULE = resource_rule(
    About(
        name="data-replica-deletion-protection",
        title="A protected table's replicas are protected",
        description="The replicas of a DynamoDB table that refuses to be deleted must refuse it, too.",
        fix="Set deletion_protection_enabled=True on each of the table's replicas.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
        severity=Severity.HIGH,
    ),
    [TABLE],
    _judge,
    _mend,
)

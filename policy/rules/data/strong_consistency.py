from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from ..shared.global_tables import GlobalTable, global_tables
from ..shared.known import UNKNOWN, NotKnownError
from ..shared.rule import About, Subject, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.verdict import Undecided, Verdict, Violation

_REGIONS = 3
_SETS = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
)

_ALIKE = 'Set consistency_mode="STRONG" on every replica, or on none.'


def _subjects(stack: Stack) -> Iterator[Subject[GlobalTable] | Undecided]:
    for each in global_tables(stack):
        if isinstance(each, Undecided) or "STRONG" in _modes(each.of):
            yield each


def _judge(found: GlobalTable) -> Iterator[Verdict]:
    if set(_modes(found)) - {"STRONG", UNKNOWN}:
        yield _violation(
            found.table, "some of its replicas are strongly consistent and some are not.", "replicas", _ALIKE
        )
    ttl = found.table.inner("ttl")
    if ttl and ttl.read("enabled"):
        yield _violation(found.table, "items of a strongly consistent table cannot expire.", "ttl", "Remove ttl.")
    if found.table.read("localSecondaryIndexes"):
        yield _violation(
            found.table,
            "a strongly consistent table cannot have local secondary indexes.",
            "localSecondaryIndexes",
            "Make them global secondary indexes.",
        )
    yield from _judge_regions(found)


def _judge_regions(found: GlobalTable) -> Iterator[Verdict]:
    regions = _regions(found)
    # data-replica-regions is about a region that is there twice.
    if len(set(regions)) == len(regions) and len(regions) != _REGIONS:
        yield _violation(
            found.table,
            f"it is strongly consistent over {len(regions)} regions ({', '.join(sorted(regions))}), and DynamoDB wants "
            f"{_REGIONS}.",
            "replicas",
            "List two replicas with consistency_mode STRONG, or one and a global_table_witness.",
        )
    elif not any(set(regions) <= each for each in _SETS):
        yield _violation(
            found.table,
            f"it is strongly consistent over {', '.join(sorted(regions))}, which are not of one set of regions.",
            "replicas",
            f"Take all regions from one of these sets: {'; '.join(', '.join(sorted(each)) for each in _SETS)}.",
        )


def _regions(found: GlobalTable) -> list[str]:
    witness = found.table.inner("globalTableWitness")
    told: list[Any] = [found.table.region, *(replica.region for replica in found.replicas)]
    told += [witness.read("regionName")] if witness else []
    if any(not isinstance(region, str) for region in told):
        raise NotKnownError("a region of the table")
    return told


def _modes(found: GlobalTable) -> list[Any]:
    return [replica.props.peek("consistencyMode") for replica in found.inline]


def _violation(table: Resource, what: str, place: str, fix: str) -> Violation:
    return Violation(table, f"{what} DynamoDB refuses it.", fix, place)


RULE = stack_rule(
    About(
        name="data-strong-consistency",
        title="Strongly consistent tables are in three regions of one set",
        description=(
            "A strongly consistent DynamoDB global table must be in exactly three regions of one set, all alike, "
            "without expiry and local indexes."
        ),
        fix="Take three regions of one set, and remove ttl and local_secondary_indexes from the table.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
        severity=Severity.HIGH,
    ),
    _subjects,
    _judge,
)

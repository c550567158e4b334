from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import is_active_active
from ..shared.global_tables import GlobalTable, global_tables
from ..shared.rule import About, Subject, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.verdict import Undecided, Verdict, Violation

_LEGACY = "aws:dynamodb/globalTable:GlobalTable"


def _subjects(stack: Stack) -> Iterator[Subject[Resource | GlobalTable] | Undecided]:
    if stack.of(_LEGACY) and is_active_active(stack):
        for legacy in stack.of(_LEGACY):
            yield Subject(legacy, legacy)
    for each in global_tables(stack):
        if isinstance(each, Subject) and each.of.separate:
            yield Subject(each.resource, each.of)


def _judge(subject: Resource | GlobalTable) -> Iterator[Verdict]:
    if isinstance(subject, Resource):
        yield Violation(
            subject,
            "it makes a global table of version 2017.11.29, which needs an equal table in each region and cannot take "
            "on a region once it holds items.",
            "Replace it by one Table with replicas, which is of version 2019.11.21.",
        )
    elif subject.inline:
        names = ", ".join(f"'{replica.resource.name}'" for replica in subject.separate)
        yield Violation(
            subject.table,
            f"it lists replicas, and TableReplica {names} adds to them: each deployment of the one undoes the other.",
            "Keep all replicas in the table's replicas, or all in TableReplica resources.",
            "replicas",
        )


RULE = stack_rule(
    About(
        name="data-global-table-version",
        title="Global tables are of the current version, and written down once",
        description=(
            "A DynamoDB global table must be of version 2019.11.21, its replicas either in the table or in resources "
            "of their own."
        ),
        fix="Give one Table its replicas, and remove GlobalTable and TableReplica resources of it.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html",
        severity=Severity.HIGH,
    ),
    _subjects,
    _judge,
)

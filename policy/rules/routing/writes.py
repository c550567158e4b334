from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.table import Table, tables
from ..shared.verdict import Verdict, Violation


def _judge(table: Table) -> Iterator[Verdict]:
    if table.writes is not None and table.writes not in table.routes:
        yield Violation(
            table.function,
            f'its table gives all writes to "{table.writes}", which is none of its regions '
            f"({', '.join(table.routes)}): each region takes its viewers' writes, and the store has many writers.",
            "Set writes to a key of the table's regions, or take it out where each region may write.",
        )


RULE = stack_rule(
    About(
        name="routing-writes",
        title="The region that takes all writes is one that the router knows",
        description="The key that takes all writes must be in the router's table.",
        fix="Set writes to a key of the table's regions.",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding.html",
        severity=Severity.CRITICAL,
    ),
    tables,
    _judge,
)

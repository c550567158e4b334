from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.table import WHOLE_DIAL, Table, tables
from ..shared.verdict import Verdict, Violation


def _judge(table: Table) -> Iterator[Verdict]:
    for route in table.routes.values():
        if not _is_dial(route.dial):
            yield Violation(
                table.function,
                f"the dial of {route.key} is {route.dial!r}; it is a percentage of the viewers near the region.",
                f"Set it to a whole number from 0 to {WHOLE_DIAL}, or leave it out for {WHOLE_DIAL}.",
                route.key,
            )
    if table.routes and all(_is_dial(route.dial) and route.dial == 0 for route in table.routes.values()):
        yield Violation(
            table.function,
            "the dials of all its regions are 0: no region takes viewers.",
            f"Set the dial of one region at least to {WHOLE_DIAL}.",
        )


def _is_dial(value: Any) -> bool:
    """Whether it is a percentage: a whole number, which JSON may write as 40.0."""
    return type(value) in (int, float) and value % 1 == 0 and 0 <= value <= WHOLE_DIAL


RULE = stack_rule(
    About(
        name="routing-dial",
        title="Dials are percentages, and not all of them 0",
        description="Each dial of the router's table must be from 0 to 100, and one at least above 0.",
        fix="Set each dial to a whole number from 0 to 100, and one at least above 0.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html",
        severity=Severity.HIGH,
    ),
    tables,
    _judge,
)

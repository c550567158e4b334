from collections import defaultdict
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import normal
from ..shared.rule import About, stack_rule
from ..shared.table import Table, tables
from ..shared.verdict import Verdict, Violation


def _judge(table: Table) -> Iterator[Verdict]:
    keys: dict[str, list[str]] = defaultdict(list)
    for route in table.routes.values():
        if route.host:
            keys[normal(route.host)].append(route.key)
    for host, own in keys.items():
        if host in table.aliases:
            yield Violation(
                table.function,
                f"its table sends what is for {own[0]} to {host}, the distribution's own alias: a loop, which "
                "CloudFront ends with an error.",
                f"Put the host of {own[0]}'s API into the table.",
                own[0],
            )
        elif len(own) > 1:
            yield Violation(
                table.function,
                f"its table has one host, {host}, for {' and '.join(own)}: all but one of these regions serve nobody.",
                "Give each region a host of its own: AppSync's custom domains have names that exist once in the world.",
            )


RULE = stack_rule(
    About(
        name="routing-hosts-distinct",
        title="Each region has a host of its own",
        description="The hosts of the router's table must differ from each other and from the distribution's aliases.",
        fix="Give each region a host of its own in the router's table, and the global one to none.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html",
        severity=Severity.CRITICAL,
    ),
    tables,
    _judge,
)

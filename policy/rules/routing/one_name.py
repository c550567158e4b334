from collections import defaultdict
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.records import is_named, name_of
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answers, key_in
from .shared.regional_name import regional_part


def _judge(found: Answers) -> Iterator[Verdict]:
    # A name with a region in it is what routing-name-not-regional is about.
    records = [record for record in found.records if not regional_part(record, found.table)]
    wanted = found.asked or _most_frequent(records)
    for record in records:
        if wanted and not is_named(record, wanted):
            asks = f"the router asks {wanted}" if found.asked else f"the others are named {wanted}"
            yield Violation(
                record,
                f"its name is {name_of(record)}, but {asks}: no question ever gets this answer.",
                f'Set name="{wanted}" on the records of all regions.',
            )


def _most_frequent(records: list[Resource]) -> str | None:
    """The name of most records; None where several names have records of one key, being of several routers."""
    by_name: dict[str, set[str | None]] = defaultdict(set)
    for record in records:
        by_name[name_of(record)].add(key_in(record))
    keys = [key for each in by_name.values() for key in each]
    if len(keys) > len(set(keys)):
        return None
    return max(by_name, key=lambda name: len(by_name[name]), default=None)


RULE = stack_rule(
    About(
        name="routing-one-name",
        title="The latency records of all regions have the name that the router asks",
        description="All latency records of the router must have one name, the one that the router asks.",
        fix="Give the records of all regions one name, the one in the router's table.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html",
        severity=Severity.HIGH,
    ),
    answers,
    _judge,
)

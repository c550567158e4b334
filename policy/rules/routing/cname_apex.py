from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import normal
from ..shared.kinds import RECORD
from ..shared.known import UNKNOWN
from ..shared.records import name_of, zone_key, zone_of
from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.table import tables
from ..shared.verdict import Undecided, Verdict, Violation


def _judge(record: Resource) -> Iterator[Verdict]:
    if record.peek("type") != "CNAME" or record.peek("name") is UNKNOWN:
        return
    name = name_of(record)
    if name in _apexes(record) or (zone_of(record) is None and _must_be_apex(record, name)):
        yield Violation(
            record,
            f"its name {f'is {name}' if name else 'is empty'}: the apex of its zone, where the zone has its SOA and NS "
            "records, and DNS allows no CNAME beside others. Route 53 refuses it.",
            "Give the record a name below the zone's, or make it an alias record of type A with aliases=[...].",
        )


def _apexes(record: Resource) -> set[str]:
    """The names that are known to be of the record's zone."""
    zone = zone_of(record)
    told = zone.peek("name") if zone else None
    if isinstance(told, str):
        return {normal(told)}
    zones = [subject.of.zone for subject in tables(record.stack) if not isinstance(subject, Undecided)]
    return {normal(zone) for zone in zones if zone}


def _must_be_apex(record: Resource, name: str) -> bool:
    """Whether it is by its form: empty, or two labels below which the zone has others, so that they are no part."""
    return name == "" or (
        name.count(".") == 1
        and any(
            zone_key(other) == zone_key(record) and name_of(other).endswith(f".{name}")
            for other in record.stack.of(RECORD)
            if other.peek("name") is not UNKNOWN
        )
    )


RULE = stack_rule(
    About(
        name="routing-cname-apex",
        title="No CNAME at a zone's apex",
        description="A CNAME record must not have the name of its zone.",
        fix="Give the CNAME a name below the zone's, or make it an alias record of type A.",
        url=(
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
            "resource-record-sets-choosing-alias-non-alias.html"
        ),
        severity=Severity.HIGH,
    ),
    lambda stack: each(*stack.of(RECORD)),
    _judge,
)

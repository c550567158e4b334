from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import CERTIFICATE, RECORD
from ..shared.known import UNKNOWN, NotKnownError, known
from ..shared.records import LATENCY, RecordSet, is_latency, latency_sets, name_of, policy_of, zone_key
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(records: RecordSet) -> Iterator[Verdict]:
    for other in records.records[0].stack.of(RECORD):
        if is_latency(other) or zone_key(other) != records.zone or not _may_be_named(other, records.name):
            continue
        kind = known(other.peek("type"), "type")
        # Beside a CNAME there may be no record of another type either.
        if kind != records.type and "CNAME" not in (kind, records.type):
            continue
        known(records.zone, "zoneId")
        policy = policy_of(other)
        yield Violation(
            other,
            f"it is a {kind} record {f'with {policy}' if policy else 'without a routing policy'} of the name "
            f"{records.name}, which has latency records ('{records.records[0].name}'): Route 53 refuses one beside the "
            "other.",
            f"Delete it, give it another name, or make it one of them with {LATENCY} and a set_identifier.",
        )


def _may_be_named(record: Resource, name: str) -> bool:
    if record.peek("name") is not UNKNOWN:
        return name_of(record) == name
    # ACM's names of validation records begin with a label of its own.
    if record.sources("name", CERTIFICATE):
        return False
    raise NotKnownError(f"the name of '{record.name}'")


RULE = stack_rule(
    About(
        name="routing-no-simple-record",
        title="Nothing but latency records under a latency record's name",
        description="A name that has latency records must have no record of the same type with another routing policy.",
        fix="Delete the other record, or give it a latency policy and a set identifier.",
        url=("https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-latency.html"),
        severity=Severity.HIGH,
    ),
    latency_sets,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import RECORD
from ..shared.known import UNKNOWN, NotKnownError, known
from ..shared.records import LATENCY, RecordSet, is_latency, latency_sets, name_of, policy_of, zone_key
from ..shared.rule import About, Subject, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.verdict import Undecided, Verdict, Violation


def _subjects(stack: Stack) -> Iterator[Subject[RecordSet] | Undecided]:
    """Latency record sets, and each identified record that has no routing policy and no such set beside it."""
    kinds = set()
    for subject in latency_sets(stack):
        yield subject
        if not isinstance(subject, Undecided):
            kinds.add((subject.of.zone, subject.of.name))
    for record in stack.of(RECORD):
        if record.peek("name") is UNKNOWN or policy_of(record) or not record.peek("setIdentifier"):
            continue
        alone = RecordSet(zone_key(record), name_of(record), str(record.peek("type")), (record,))
        if (alone.zone, alone.name) not in kinds:
            yield Subject(record, alone)


def _judge(records: RecordSet) -> Iterator[Verdict]:
    seen: dict[str, Resource] = {}
    unknown = None
    for record in records.records:
        identifier = record.peek("setIdentifier")
        if identifier is UNKNOWN:
            unknown = NotKnownError("setIdentifier")
        elif not identifier:
            yield Violation(
                record,
                "it has a latency policy and no set identifier, so Route 53 refuses it.",
                "Set set_identifier to a text of its own, such as the region's key.",
            )
        elif not is_latency(record):
            yield Violation(
                record,
                f'it has the set identifier "{identifier}" and no routing policy, so Route 53 refuses it.',
                f"Set {LATENCY} (latency_routing_policies=[{{'region': ...}}]), or remove set_identifier.",
            )
        elif identifier in seen:
            known(records.zone, "zoneId")
            yield Violation(
                record,
                f"its set identifier \"{identifier}\" is also that of '{seen[identifier].name}', of the same name and "
                "type: Route 53 takes the two for one record, and the second replaces the first or is refused.",
                "Give each of the records a set_identifier of its own, such as the region's key.",
            )
        else:
            seen[identifier] = record
    if unknown and len(records.records) > 1:
        raise unknown


RULE = stack_rule(
    About(
        name="routing-set-identifiers",
        title="Each latency record has a set identifier of its own",
        description="Latency records of one name and type must each have another set identifier.",
        fix="Set set_identifier on each latency record, such as to the region's key.",
        url="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html",
        severity=Severity.HIGH,
    ),
    _subjects,
    _judge,
)

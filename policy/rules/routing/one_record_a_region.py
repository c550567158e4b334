from collections import defaultdict
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.known import known
from ..shared.records import RecordSet, latency_region, latency_sets
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(records: RecordSet) -> Iterator[Verdict]:
    by_region = defaultdict[str, list[Resource]](list)
    for record in records.records:
        if region := latency_region(record):
            by_region[region].append(record)
    for region, (first, *others) in by_region.items():
        for record in others:
            known(records.zone, "zoneId")
            yield Violation(
                record,
                f"it is for {region}, as is '{first.name}' of the same name and type: Route 53 refuses a second one.",
                f"Keep one of the two, or set the region of this one to the one that it is for, other than {region}.",
            )


RULE = stack_rule(
    About(
        name="routing-one-record-a-region",
        title="One latency record a region",
        description="Latency records of one name and type must each be for another AWS region.",
        fix="Give each latency record the region that it is for, and delete the second one of a region.",
        url="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html",
        severity=Severity.HIGH,
    ),
    latency_sets,
    _judge,
)

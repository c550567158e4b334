from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import RECORD
from ..shared.records import latency_region
from ..shared.rule import About, resource_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.aws_regions import LATENCY_REGIONS


def _judge(record: Resource) -> Iterator[Verdict]:
    region = latency_region(record)
    if region is None or region in LATENCY_REGIONS or region in record.stack.settings.get("also", ()):
        return
    yield Violation(
        record,
        f'its latency policy is for "{region}", which is no AWS region that Route 53 knows, so Route 53 refuses it.',
        "Name the region as AWS does (latency_routing_policies=[{'region': 'eu-west-1'}]), not by a key or a place.",
    )


RULE = resource_rule(
    About(
        name="routing-known-region",
        title="Latency records are for AWS regions",
        description="The region of a latency record must be an AWS region that Route 53 knows.",
        fix="Name the region as AWS does: latency_routing_policies=[{'region': 'eu-west-1'}].",
        url="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html",
        severity=Severity.HIGH,
        settings={
            "also": {
                "type": "array",
                "items": {"type": "string"},
                "description": "AWS regions that are newer than this pack.",
            }
        },
    ),
    [RECORD],
    _judge,
)

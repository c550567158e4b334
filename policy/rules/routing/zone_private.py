from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import ZONE
from ..shared.records import zone_of
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answers

_ASSOCIATION = "aws:route53/zoneAssociation:ZoneAssociation"


def _judge(found: Answers) -> Iterator[Verdict]:
    zones = [zone_of(record) for record in found.records]
    # Copies in a private zone, for resolvers in a VPC, harm nothing.
    if not all(zone and _is_private(zone) for zone in zones):
        return
    for zone in dict.fromkeys(filter(None, zones)):
        yield Violation(
            zone,
            "it is a private zone, which only its VPCs see, and it has the latency records: the router runs outside "
            "all VPCs, and never gets an answer.",
            "Put the latency records into a public zone: one without vpcs.",
        )


def _is_private(zone: Resource) -> bool:
    if zone.read("vpcs"):
        return True
    associations = zone.stack.of(_ASSOCIATION)
    return any(zone in each.sources("zoneId", ZONE, value=each.peek("zoneId")) for each in associations)


RULE = stack_rule(
    About(
        name="routing-zone-private",
        title="The latency records are in a public zone",
        description="The latency records that the router asks must be in a public hosted zone.",
        fix="Put the latency records into a zone without vpcs.",
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html",
        severity=Severity.CRITICAL,
    ),
    answers,
    _judge,
)

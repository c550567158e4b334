from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_policy import Severity

from ..shared.kinds import CERTIFICATE, CERTIFICATE_VALIDATION, REPLICA, REPLICA_KEY, WEB_ACL
from ..shared.known import UNKNOWN
from ..shared.rule import About, Subject, of_each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.deployment import Deployment, deployments, place_of

_GLOBAL_REGION = "us-east-1"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

# Their metrics are in us-east-1 alone.
_GLOBAL_METRICS = ("AWS/CloudFront", "AWS/Route53")

# And so is what their alarms tell.
_TOLD_BY_ALARMS = "aws:sns/topic"

# Copies of what lies elsewhere.
_COPIES = (REPLICA, REPLICA_KEY, "aws:kms/replicaExternalKey:ReplicaExternalKey")


@dataclass(frozen=True)
class _Placed:
    """A resource with where it was put, and where it should be."""

    resource: Resource
    put: str
    wanted: str
    why: str


def _placed(deployment: Deployment) -> Iterator[Subject[_Placed] | Undecided]:
    by_family = _families(deployment)
    for resource in deployment.stack.resources:
        put = place_of(resource)
        if put is None or _may_lie_elsewhere(resource, put):
            continue
        if put is UNKNOWN:
            yield Undecided(resource, "its region is not known yet.")
            continue
        wanted, why = _wanted(deployment, resource, by_family)
        if wanted:
            yield Subject(resource, _Placed(resource, put, wanted, why))


def _families(deployment: Deployment) -> dict[str, Counter[str]]:
    """How many resources of each region lie below each component, by the component's URN."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for resource in deployment.stack.resources:
        put = place_of(resource)
        if not isinstance(put, str) or _may_lie_elsewhere(resource, put):
            continue
        above = resource.parent
        while above:
            found[above.urn][put] += 1
            above = above.parent
    return found


def _wanted(deployment: Deployment, resource: Resource, by_family: dict[str, Counter[str]]) -> tuple[str, str]:
    """Where the resource should be and by what; empty where nothing tells."""
    region = deployment.meant_for(resource)
    if region is None:
        return "", ""
    names = {each.name for each in deployment.regions}
    above = resource.parent
    while above and deployment.meant_for(above) == region:
        places = by_family[above.urn]
        if places[region.name] * 2 > places.total():
            return region.name, f"most of what '{above.name}' is made of lies in {region}"
        above = above.parent
    # Without a component, resources of the other regions show what is usual.
    twins = [
        place_of(each)
        for other in deployment.regions
        if other != region
        for each in deployment.stack.of(resource.kind)
        if deployment.meant_for(each) == other
        and deployment.neutral(each.name, other) == deployment.neutral(resource.name, region)
        and place_of(each) == other.name
    ]
    put = place_of(resource)
    if put in names | {_GLOBAL_REGION} and any(place != put for place in twins):
        return region.name, f"it is named after {region}, and its counterparts lie in the regions of their names"
    return "", ""


def _may_lie_elsewhere(resource: Resource, put: object) -> bool:
    if resource.kind in _COPIES:
        return True
    if put != _GLOBAL_REGION:
        return False
    if resource.kind == _ALARM:
        return str(resource.peek("namespace")) in _GLOBAL_METRICS
    if resource.kind == WEB_ACL:
        return str(resource.peek("scope")) == "CLOUDFRONT"
    return resource.kind in (CERTIFICATE, CERTIFICATE_VALIDATION) or resource.kind.startswith(_TOLD_BY_ALARMS)


def _judge(placed: _Placed) -> Iterator[Verdict]:
    if placed.put != placed.wanted:
        yield Violation(
            placed.resource,
            f"it lies in {placed.put}, but {placed.why}. A child does not inherit its parent's region: without one of "
            "its own it goes to its provider's.",
            f'Set region="{placed.wanted}" on it, or give it the provider of that region.',
        )


RULE = stack_rule(
    About(
        name="regions-child-region",
        title="What is made for a region lies in it",
        description="A resource that is made for a region must lie in that region, as the others made for it do.",
        fix="Pass region= to every resource of the region, children of components included.",
        url="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html",
        severity=Severity.HIGH,
    ),
    of_each(deployments, _placed),
    _judge,
)

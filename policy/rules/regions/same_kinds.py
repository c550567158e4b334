from collections import Counter, defaultdict
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.global_tables import is_replicated
from ..shared.kinds import MAPPING, REPLICA, TABLE
from ..shared.routing_code import routers
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.deployment import Deployment, Region, deployments
from .shared.streams import tables_read

# What is not one a region although its name may say a region: names and certificates of hosts, the edge, copies of what
# another region owns. Other rules are about those.
_NOT_REGIONAL = (
    "aws:acm/",
    "aws:apigateway/basePathMapping",
    "aws:apigateway/domainName",
    "aws:apigatewayv2/apiMapping",
    "aws:apigatewayv2/domainName",
    "aws:appsync/domainName",
    "aws:cloudfront/",
    "aws:globalaccelerator/",
    "aws:kms/replica",
    "aws:route53/",
    "aws:s3/bucketReplicationConfig",
    REPLICA,
)

_Members = dict[Region, list[Resource]]


def _judge(deployment: Deployment) -> Iterator[Verdict]:
    spared = set(deployment.stack.settings.get("exempt", ()))
    # What comes with the router lies where CloudFront runs it, such as its logs, and is no part of the region there.
    edge = {each.parent for each in routers(deployment.stack)} - {None}
    by_kind: defaultdict[str, _Members] = defaultdict(lambda: {region: [] for region in deployment.regions})
    for region in deployment.regions:
        for resource in deployment.members(region):
            if resource.name not in spared and resource.parent not in edge and _is_regional(resource):
                by_kind[resource.kind][region].append(resource)
    for kind, members in by_kind.items():
        yield from _compare(deployment, kind.rpartition(":")[2], members)


def _compare(deployment: Deployment, kind: str, members: _Members) -> Iterator[Verdict]:
    often = Counter(map(len, members.values()))
    # Of two regions neither is usual: the one that has more shows what the other lacks.
    wanted = max(often, key=lambda count: (often[count], count))
    model = next(region for region, found in members.items() if len(found) == wanted)
    for region, found in members.items():
        lacking = _beyond(deployment, members, model, region)
        surplus = _beyond(deployment, members, region, model)
        counts = f"{len(found)} of type {kind}, and {model} has {wanted}"
        if len(found) < wanted:
            yield Violation(
                lacking[0],
                f"{region} has no counterpart of {_names(lacking)}: it has {counts}, so it cannot do what the other "
                "regions do.",
                f"Make it in {region.name} too, in the loop or component that makes each region.",
            )
        elif len(found) > wanted:
            yield Violation(
                surplus[0],
                f"{_names(surplus)} is in {region} alone: it has {counts}.",
                f"Make it in every region, or not in {region.name}; "
                "what belongs to one region alone is named in the rule's `exempt`.",
            )


def _beyond(deployment: Deployment, members: _Members, having: Region, lacking: Region) -> list[Resource]:
    """What `having` has and `lacking` does not, by its name; or all of it, where the names do not tell."""
    there = {deployment.neutral(each.name, lacking) for each in members[lacking]}
    found = [each for each in members[having] if deployment.neutral(each.name, having) not in there]
    return found or members[having]


def _names(resources: list[Resource]) -> str:
    return ", ".join(f"'{each.name}'" for each in resources)


def _is_regional(resource: Resource) -> bool:
    if resource.kind.startswith(_NOT_REGIONAL):
        return False
    if resource.kind == MAPPING:
        return not any(map(is_replicated, tables_read(resource)))
    return resource.kind != TABLE or not is_replicated(resource)


RULE = stack_rule(
    About(
        name="regions-same-kinds",
        title="Each region has all that the others have",
        description="Every region of the deployment must have the same kinds of resources, as many of each.",
        fix="Make what a region needs in one loop or component for all regions, and nothing of it for one alone.",
        url=(
            "https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-multi-region-fundamentals/introduction.html"
        ),
        severity=Severity.HIGH,
    ),
    deployments,
    _judge,
)

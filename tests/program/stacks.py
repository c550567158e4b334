"""Stacks of one region and of many, deployed once for all tests that look at them."""

from functools import cache

from components.aws_regions import usable
from tests.program.recording import Deployment, Resource, config, deploy

TWO = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
EVERY = {region: region for region in sorted(usable())}
STACKS = {
    "1 region": {"ireland": "eu-west-1"},
    "2 regions": TWO,
    "3 regions": {**TWO, "virginia": "us-east-1"},
    "5 regions": {**TWO, "virginia": "us-east-1", "tokyo": "ap-northeast-1", "cape-town": "af-south-1"},
    "every region that a stack can have": EVERY,
}
WITHOUT_REGION = ("aws:iam/", "aws:cloudfront/", "aws:route53/")
CREATES_ZONE = {"hostedZone": "create"}


def deployed(stack: str = "2 regions", data: str = "replicated") -> Deployment:
    return _deployed(stack, data)


@cache
def _deployed(stack: str, data: str) -> Deployment:
    return deploy(config(STACKS[stack], data=data, **CREATES_ZONE))


def of_region(deployment: Deployment, key: str) -> list[Resource]:
    """What there is for this region alone."""
    names = {"RegionalApi": [key], "FanOut": [f"{key}-fan-out"], "EventBus": [f"{key}-bus"]}
    names["RegionalHealth"] = [f"{key}-health"]
    names["Notifications"], names["RegionAlarms"] = [f"{key}-notifications"], [f"{key}-alarms"]
    names["RegionalTable"] = [f"{key}-{table}" for table in ("events", "comments", "antipodes-canary")]
    return [
        child
        for kind, of_kind in names.items()
        for component in deployment.of(f"antipodes:index:{kind}")
        if component.name in of_kind
        for child in deployment.below(component.urn)
    ]


def latency_records(deployment: Deployment) -> dict[str, Resource]:
    """By the region's key."""
    return {
        resource.inputs["setIdentifier"]: resource
        for resource in deployment.of("aws:route53/record:Record")
        if "latencyRoutingPolicies" in resource.inputs
    }

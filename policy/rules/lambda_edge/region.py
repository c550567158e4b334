from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_policy import Severity

from ..shared.certificate import region_in
from ..shared.kinds import DISTRIBUTION
from ..shared.known import UNKNOWN, NotKnownError, Unknown
from ..shared.router import associations, behaviours
from ..shared.rule import About, Subject, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.verdict import Verdict, Violation
from .shared.functions import RESTRICTIONS, edge_functions

_REGION = "us-east-1"


@dataclass(frozen=True)
class _Place:
    """Where a function lies, and the resource to mend."""

    resource: Resource
    region: str | Unknown
    what: str
    place: str


def _places(stack: Stack) -> Iterator[Subject[_Place]]:
    for each in edge_functions(stack):
        what = f"{each.of.carried}, and it lies in"
        yield Subject(each.resource, _Place(each.resource, _region(each.resource), what, "region"))
    for distribution in stack.of(DISTRIBUTION):
        yield from _elsewhere(distribution)


def _region(function: Resource) -> str | Unknown:
    if function.region:
        return function.region
    arn = function.output("arn")
    return UNKNOWN if arn is UNKNOWN else region_in(arn)


def _elsewhere(distribution: Resource) -> Iterator[Subject[_Place]]:
    """Functions that other stacks made: their ARNs tell where they lie."""
    try:
        found = [each for behaviour in behaviours(distribution) for each in associations(distribution, behaviour)]
    except NotKnownError:
        # What is not known yet refers to this stack's functions, and those are judged by themselves.
        return
    for each in found:
        arn = each.props.peek("lambdaArn") if each.is_of_lambda else None
        if isinstance(arn, str) and arn and not each.functions:
            what = "its function lies in"
            yield Subject(distribution, _Place(distribution, region_in(arn), what, each.props.place))


def _judge(place: _Place) -> Iterator[Verdict]:
    if place.region is UNKNOWN:
        raise NotKnownError("region")
    if place.region != _REGION:
        yield Violation(
            place.resource,
            f"{place.what} {place.region}: CloudFront takes functions of {_REGION} alone.",
            f'Make the function with region="{_REGION}"; CloudFront copies it to where it runs.',
            place.place,
        )


RULE = stack_rule(
    About(
        name="lambda-edge-region",
        title="Edge functions lie in us-east-1",
        description="A Lambda function that CloudFront runs must lie in us-east-1.",
        fix=f'Set region="{_REGION}" on the function.',
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    _places,
    _judge,
)

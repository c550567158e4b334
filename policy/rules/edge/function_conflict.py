from collections import Counter
from collections.abc import Iterator
from itertools import chain

from pulumi_policy import Severity

from ..shared.kinds import DISTRIBUTION
from ..shared.known import UNKNOWN, Properties
from ..shared.router import behaviours
from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_VIEWER = ("viewer-request", "viewer-response")


def _judge(distribution: Resource) -> Iterator[Verdict]:
    for behaviour in behaviours(distribution):
        of_lambda = _events(behaviour, "lambdaFunctionAssociations")
        of_cloudfront = _events(behaviour, "functionAssociations")
        twice = sorted(event for event, count in chain(of_lambda.items(), of_cloudfront.items()) if count > 1)
        if twice:
            found = f"{' and '.join(twice)} has more than one function of a kind, and CloudFront takes one."
            fix = "Leave one function for each event, and let it do both."
            yield Violation(distribution, found, fix, behaviour.place)
        elif of_cloudfront and any(event in of_lambda for event in _VIEWER):
            found = (
                "viewer events have Lambda functions and CloudFront Functions, and CloudFront takes one kind of them."
            )
            fix = "Move the Lambda function to origin-request or origin-response, or make both of one kind."
            yield Violation(distribution, found, fix, behaviour.place)


def _events(behaviour: Properties, key: str) -> Counter[str]:
    events = [association.peek("eventType") for association in behaviour.each(key)]
    return Counter(event for event in events if event is not UNKNOWN)


RULE = stack_rule(
    About(
        name="edge-function-conflict",
        title="One function for each event of a behaviour",
        description="A CloudFront behaviour must have one function an event, and one kind of them for viewer events.",
        fix="Give each event one function; use Lambda or CloudFront Functions for viewer events, not both.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html",
        severity=Severity.HIGH,
    ),
    lambda stack: each(*stack.of(DISTRIBUTION)),
    _judge,
)

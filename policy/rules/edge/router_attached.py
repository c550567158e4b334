from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import CLOUDFRONT_FUNCTION, DISTRIBUTION, FUNCTION
from ..shared.router import routed_behaviours
from ..shared.routing_code import routers
from ..shared.rule import About, Subject, each, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.verdict import Verdict, Violation


def _subjects(stack: Stack) -> Iterator[Subject[Resource]]:
    """The routers of a stack of which no behaviour carries one; a stack without a distribution has none to carry it.

    One that is on the pages of a bucket, where it has nothing to route, is carried all the same.
    """
    distributions = stack.of(DISTRIBUTION)
    carried = [
        function
        for distribution in distributions
        for key in ("defaultCacheBehavior", "orderedCacheBehaviors")
        for function in distribution.sources(key, FUNCTION, CLOUDFRONT_FUNCTION)
    ]
    found = [] if any(True for _ in routed_behaviours(stack)) else routers(stack)
    if distributions:
        yield from each(*(function for function in found if function not in carried))


def _judge(function: Resource) -> Iterator[Verdict]:
    distributions = ", ".join(f"'{each.name}'" for each in function.stack.of(DISTRIBUTION))
    yield Violation(
        function,
        f"it sets the origin by the region, and no behaviour of {distributions} carries it: every request goes to the "
        "default origin.",
        "Name it in the functionAssociations or lambdaFunctionAssociations of the behaviour that serves the API.",
    )


RULE = stack_rule(
    About(
        name="edge-router-attached",
        title="Requests come to the router",
        description="Where a stack has a router and a distribution, a behaviour of it must carry the router.",
        fix="Name its qualified_arn in lambda_function_associations of the behaviour, on 'origin-request'.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-add-triggers.html",
        severity=Severity.CRITICAL,
    ),
    _subjects,
    _judge,
)

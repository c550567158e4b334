from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import DISTRIBUTION
from ..shared.router import behaviours
from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(distribution: Resource) -> Iterator[Verdict]:
    for behaviour in behaviours(distribution):
        policies = [key for key in ("cachePolicyId", "originRequestPolicyId") if behaviour.peek(key)]
        if policies and behaviour.peek("forwardedValues"):
            yield Violation(
                distribution,
                f"forwardedValues stands beside {' and '.join(policies)}: CloudFront takes the one or the other.",
                "Remove forwardedValues.",
                behaviour.place,
            )


RULE = stack_rule(
    About(
        name="edge-legacy-cache-settings",
        title="A behaviour has policies or legacy cache settings",
        description="A CloudFront behaviour that has a cache or origin request policy must not have forwardedValues.",
        fix="Remove forwarded_values from the behaviour; the policies say what is forwarded.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html",
        severity=Severity.MEDIUM,
    ),
    lambda stack: each(*stack.of(DISTRIBUTION)),
    _judge,
)

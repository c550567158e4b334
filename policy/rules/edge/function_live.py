from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import CLOUDFRONT_FUNCTION
from ..shared.router import Behaviour, routed_behaviours
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation


def _judge(behaviour: Behaviour) -> Iterator[Verdict]:
    for function in behaviour.router.functions:
        if function.kind == CLOUDFRONT_FUNCTION and function.read("publish") is False:
            yield Violation(
                function,
                f"Distribution '{behaviour.distribution.name}' runs it and publish is off, so this code, and the table "
                "of regions in it, never gets from the DEVELOPMENT stage to the LIVE one.",
                "Set publish to true.",
            )


RULE = stack_rule(
    About(
        name="edge-function-live",
        title="The CloudFront Function that routes is live",
        description="A CloudFront Function that is the router must be published to its live stage.",
        fix="Set publish=True on the aws.cloudfront.Function, or leave it out.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/publish-function.html",
        severity=Severity.HIGH,
    ),
    routed_behaviours,
    _judge,
)

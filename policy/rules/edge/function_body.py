from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.router import Behaviour, routed_behaviours
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation


def _judge(behaviour: Behaviour) -> Iterator[Verdict]:
    router = behaviour.router.props
    if behaviour.router.is_of_lambda and router.read("includeBody") is True:
        yield Violation(
            behaviour.distribution,
            "includeBody is true: each request waits until its body, cut at 1 MB, is at the router, which needs none.",
            "Set includeBody to false.",
            router.place,
        )


RULE = stack_rule(
    About(
        name="edge-function-body",
        title="The router gets no bodies",
        description="The router should not have the bodies of requests: they are cut at 1 MB, and cost time.",
        fix="Set include_body=False on the association of the router.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-include-body-access.html",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
    ),
    routed_behaviours,
    _judge,
)

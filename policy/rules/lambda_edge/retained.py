from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import EdgeFunction, edge_functions


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    if edge.function.read("skipDestroy") is not True:
        yield Violation(
            edge.function,
            f"{edge.carried}, and copies it to the edge. These replicas stay for hours after the distribution is gone; "
            "until then Lambda refuses to delete the function, and a destroy of the stack fails.",
            "Set skip_destroy=True, and delete it later. Where retain_on_delete does that, which the engine does not "
            "show, name it in this rule's `exempt`.",
            "skipDestroy",
        )


RULE = stack_rule(
    About(
        name="lambda-edge-retained",
        title="A stack with edge functions can be destroyed",
        description="A Lambda function that CloudFront runs should be left when the stack is destroyed.",
        fix="Set skip_destroy=True on the function, and delete it once CloudFront has removed its replicas.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-delete-replicas.html",
        severity=Severity.LOW,
        level=EnforcementLevel.ADVISORY,
    ),
    edge_functions,
    _judge,
)

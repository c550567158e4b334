from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.router import routed_distributions
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(distribution: Resource) -> Iterator[Verdict]:
    if not distribution.peek("webAclId"):
        yield Violation(
            distribution,
            "webAclId is not set, so nothing stops a flood before it reaches, and is paid for in, every region.",
            "Set webAclId to the ARN of a web ACL with scope CLOUDFRONT.",
        )


RULE = stack_rule(
    About(
        name="edge-waf",
        title="A web ACL stands before the regions",
        description="A distribution that carries the router should have a web ACL.",
        fix="Set web_acl_id to the arn of an aws.wafv2.WebAcl with scope='CLOUDFRONT' and region='us-east-1'.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-awswaf.html",
        severity=Severity.LOW,
        level=EnforcementLevel.ADVISORY,
    ),
    routed_distributions,
    _judge,
)

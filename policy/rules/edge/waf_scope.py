from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import DISTRIBUTION, WEB_ACL
from ..shared.known import UNKNOWN
from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_REGION = "us-east-1"
_FIX = f'Make the web ACL with scope="CLOUDFRONT" and region="{_REGION}".'


def _judge(distribution: Resource) -> Iterator[Verdict]:
    named = distribution.peek("webAclId")
    if named is None:
        return
    for acl in distribution.sources("webAclId", WEB_ACL, value=named):
        scope, region = acl.read("scope"), acl.region
        if scope != "CLOUDFRONT":
            found = f"Distribution '{distribution.name}' has this web ACL, and its scope is {scope}."
            yield Violation(acl, found, _FIX)
        elif region not in (_REGION, UNKNOWN, None):
            found = f"Distribution '{distribution.name}' has this web ACL, and it lies in {region}."
            yield Violation(acl, found, _FIX)
        return
    if named is not UNKNOWN and ":regional/" in named:
        yield Violation(distribution, "webAclId names a web ACL that is for one region.", _FIX)


RULE = stack_rule(
    About(
        name="edge-waf-scope",
        title="CloudFront's web ACL is a global one",
        description="The web ACL of a distribution must have the scope CLOUDFRONT and lie in us-east-1.",
        fix="Make the aws.wafv2.WebAcl with scope='CLOUDFRONT' and region='us-east-1'.",
        url="https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html",
        severity=Severity.HIGH,
    ),
    lambda stack: each(*stack.of(DISTRIBUTION)),
    _judge,
)

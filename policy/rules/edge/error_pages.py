from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.router import routed_distributions
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_CLIENT_ERRORS = range(400, 500)


def _judge(distribution: Resource) -> Iterator[Verdict]:
    for response in distribution.each("customErrorResponses"):
        page, code, answer = (response.peek(key) for key in ("responsePagePath", "errorCode", "responseCode"))
        if page and (code in _CLIENT_ERRORS or answer == 200):  # noqa: PLR2004 - HTTP's own number
            yield Violation(
                distribution,
                f"the API's answers with {code} are replaced by a page, with {answer or code}, on every behaviour: "
                "callers never learn what was wrong.",
                "Remove responsePagePath and responseCode; let a CloudFront Function on the pages' behaviour rewrite "
                "their paths.",
                response.place,
            )


RULE = stack_rule(
    About(
        name="edge-error-pages",
        title="The API's errors reach the caller",
        description="A distribution that carries the router should not replace the API's errors by pages.",
        fix="Remove custom_error_responses, or keep those for 5xx that leave the status an error.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html",
        severity=Severity.HIGH,
        level=EnforcementLevel.ADVISORY,
    ),
    routed_distributions,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.known import UNKNOWN
from ..shared.router import routed_distributions
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_SECONDS = 60


def _judge(distribution: Resource) -> Iterator[Verdict]:
    most = distribution.stack.settings.get("seconds", _SECONDS)
    for response in distribution.each("customErrorResponses"):
        kept = response.read("errorCachingMinTtl")
        if kept is not None and kept is not UNKNOWN and kept > most:
            yield Violation(
                distribution,
                f"an answer with {response.peek('errorCode')} is kept for {kept} seconds: every caller gets "
                "one region's error, or one caller's, for so long, and no other region is asked.",
                f"Set errorCachingMinTtl to {most:g} or less; 0 keeps none.",
                response.place,
            )


RULE = stack_rule(
    About(
        name="edge-error-caching",
        title="An error is not kept",
        description="A distribution that carries the router should not keep errors for longer than a failover takes.",
        fix="Set error_caching_min_ttl=0 in custom_error_responses.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
        settings={
            "seconds": {
                "type": "number",
                "minimum": 0,
                "description": f"For how long an error may be kept; {_SECONDS} where it is not set.",
            }
        },
    ),
    routed_distributions,
    _judge,
)

from pulumi_policy import Severity

from ..shared.router import routed_behaviours
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from .shared.managed_policy import ManagedPolicy


def _passes_on_all(policy: Resource) -> bool:
    return (
        policy.peek_along("headersConfig.headerBehavior") in ("allViewer", "allViewerAndWhitelistCloudFront")
        and policy.peek_along("cookiesConfig.cookieBehavior") == "all"
        and policy.peek_along("queryStringsConfig.queryStringBehavior") == "all"
    )


_WANTED = ManagedPolicy(
    key="originRequestPolicyId",
    kind="aws:cloudfront/originRequestPolicy:OriginRequestPolicy",
    name="AllViewer",
    id="216adef6-5c7f-47e4-b989-5492eafa07d3",
    why="the router and the API do not see all that the viewer sent: authorization, query and WebSocket headers",
    does_it=_passes_on_all,
    as_good=frozenset({"33f36d7e-f396-46d9-90e0-52428a34d9dc"}),  # AllViewerAndCloudFrontHeaders-2022-06
    lookalikes={
        "b689b0a8-53d0-40ab-baf2-68738e2966ac": "AllViewerExceptHostHeader",
        "59781a5b-3903-41f3-afcb-af62929ccde1": "CORS-CustomOrigin",
        "acba4595-bd28-49b8-b9fe-13317c0390fa": "UserAgentRefererHeaders",
    },
)

RULE = stack_rule(
    About(
        name="edge-all-viewer",
        title="Routed requests reach the API whole",
        description="Every CloudFront behaviour that carries the router must pass on all that viewers send.",
        fix=f'Set origin_request_policy_id="{_WANTED.id}" on the behaviour.',
        url=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
            "using-managed-origin-request-policies.html"
        ),
        severity=Severity.HIGH,
    ),
    routed_behaviours,
    _WANTED.judge,
)

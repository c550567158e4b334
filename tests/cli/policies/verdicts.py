"""What the engine says of policies, and the verdicts that outputs show."""

from cli.events import Violation
from cli.policies.findings import Checked, Location, judged
from cli.policies.rules import rules

DISTRIBUTION = "urn:pulumi:prod::antipodes::antipodes:edge:GlobalEdge$aws:cloudfront/distribution:Distribution::edge"
CACHING = "edge-caching-disabled"
VIEWER = "edge-all-viewer"


def violation(rule: str, text: str, *, level: str = "mandatory", urn: str | None = DISTRIBUTION) -> Violation:
    return Violation(rule, level, f"{rules()[rule].description}\n{text}", urn)


def undecided(rule: str, *reasons: str) -> Violation:
    told = "\n".join(reasons)
    message = f"can't run policy '{rule}' from policy pack 'antipodes@v' during preview: {told}"
    return Violation(rule, "advisory", message, None)


CACHES = violation(
    CACHING,
    "Distribution 'edge', orderedCacheBehaviors[0]: cachePolicyId is not | set, so it may be <b>cached</b>.\n"
    'Fix: Set cachePolicyId to "4135ea2d" (CachingDisabled).',
)
VIEWS = violation(VIEWER, "Distribution 'edge': it's not so.\nFix: Do `it`.", level="advisory")
UNKNOWN = undecided(
    VIEWER,
    "Distribution 'edge', defaultCacheBehavior: originRequestPolicyId is not known yet.",
    "Distribution 'other': defaultCacheBehavior is not known yet.",
)

BROKEN = judged(
    "prod", [VIEWS, UNKNOWN, CACHES], {DISTRIBUTION: Location("components/global_edge.py", 79)}.get, "Pulumi.prod.yaml"
)
PASSED = Checked("local", file="Pulumi.local.yaml")
FAILED = Checked(
    "dev", error="This stack's config has a problem.\n\nantipodes:domain: (not set)", file="Pulumi.dev.yaml"
)

from pulumi_policy import Severity

from ..shared.router import routed_behaviours
from ..shared.rule import About, stack_rule
from .shared.managed_policy import ManagedPolicy

_WANTED = ManagedPolicy(
    key="cachePolicyId",
    kind="aws:cloudfront/cachePolicy:CachePolicy",
    name="CachingDisabled",
    id="4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    why="CloudFront may answer from its cache, and one caller's answer then reaches another without being routed",
    does_it=lambda policy: policy.peek("maxTtl") == 0,
    lookalikes={
        "658327ea-f89d-4fab-a63d-7e88639e58f6": "CachingOptimized",
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": "CachingOptimizedForUncompressedObjects",
        "83da9c7e-98b4-4e11-a168-04f0df8e2c65": "UseOriginCacheControlHeaders",
        "4cc15a8a-d715-48a4-82b8-cc0b614638fe": "UseOriginCacheControlHeaders-QueryStrings",
    },
)

RULE = stack_rule(
    About(
        name="edge-caching-disabled",
        title="Routed requests are never answered from a cache",
        description="Every CloudFront behaviour that carries the router must have caching disabled by its policy.",
        fix=f'Set cache_policy_id="{_WANTED.id}" on the behaviour and remove forwarded_values.',
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html",
        severity=Severity.CRITICAL,
    ),
    routed_behaviours,
    _WANTED.judge,
)

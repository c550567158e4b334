import copy
from typing import Any

from ops.verify.distribution import judge

HOST = "global-api.example.com"
BEHAVIOR = {
    "AllowedMethods": {"Items": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]},
    "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "ViewerProtocolPolicy": "https-only",
}
GOOD: dict[str, Any] = {
    "Enabled": True,
    "Aliases": {"Items": [HOST]},
    "Origins": {"Items": [{"Id": "default", "DomainName": "default-origin.example.com"}]},
    "DefaultCacheBehavior": BEHAVIOR,
}
RESOLVED = {"default-origin.example.com": ["192.0.2.1"]}


def seen(config: dict[str, Any], resolved: dict[str, list[str]] = RESOLVED) -> list[str]:
    return [fault.seen for fault in judge(HOST, {"DistributionConfig": config}, resolved)]


def test_the_program_s_own_is_good():
    assert seen(GOOD) == []


def test_redirecting_plain_http_is_good_too():
    assert seen({**GOOD, "DefaultCacheBehavior": {**BEHAVIOR, "ViewerProtocolPolicy": "redirect-to-https"}}) == []


def test_a_behavior_of_one_path_is_judged_like_the_default_one():
    other = {**BEHAVIOR, "PathPattern": "/assets/*", "CachePolicyId": None}
    config = {**copy.deepcopy(GOOD), "CacheBehaviors": {"Quantity": 1, "Items": [other]}}

    [fault] = seen(config)

    assert fault.startswith("for /assets/*, the cache policy is None")


def test_an_origin_without_an_address_is_told_as_what_cloudfront_makes_of_it():
    [fault] = seen(GOOD, {"default-origin.example.com": []})

    assert "does not resolve: CloudFront answers 502" in fault

"""The CloudFront distribution: passes everything, keeps nothing, and hands each request to the router."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.site import Site, items, listed

# "Use managed cache policies" and "Use managed origin request policies" in the Amazon CloudFront Developer Guide.
_CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
_METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
_ENCRYPTED = {"https-only", "redirect-to-https"}


def judge(host: str, distribution: Mapping[str, Any], resolved: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """`resolved` maps the origins' names to the addresses that public DNS has for them."""
    config = distribution["DistributionConfig"]
    if not config["Enabled"]:
        yield Fault("it is disabled, and answers nobody")
    if host not in (aliases := items(config.get("Aliases"))):
        yield Fault(f"{host} is none of its aliases, which are {listed(aliases)}; CloudFront refuses requests for it")
    for origin in items(config["Origins"]):
        if origin.get("OriginShield", {}).get("Enabled"):
            yield Fault(
                f"Origin Shield of {origin['Id']} is on: the router runs in its region alone, and finds that one near"
            )
        if not resolved.get(origin["DomainName"]):
            yield Fault(
                f"the origin {origin['DomainName']} does not resolve: CloudFront answers 502 before it asks the router"
            )
    for behavior in (config["DefaultCacheBehavior"], *items(config.get("CacheBehaviors"))):
        path = behavior.get("PathPattern", "every path")
        yield from (Fault(f"for {path}, {fault}") for fault in _of_behavior(behavior))


def _of_behavior(behavior: Mapping[str, Any]) -> Iterator[str]:
    if missing := _METHODS - set(items(behavior.get("AllowedMethods"))):
        yield f"it refuses {listed(missing)}"
    if (policy := behavior.get("CachePolicyId")) != _CACHING_DISABLED:
        yield f"the cache policy is {policy}, not CachingDisabled: a caller may get what another one asked for"
    if (policy := behavior.get("OriginRequestPolicyId")) != _ALL_VIEWER:
        yield f"the origin request policy is {policy}, not AllViewer: regions do not get what the viewer sent"
    if (policy := behavior["ViewerProtocolPolicy"]) not in _ENCRYPTED:
        yield f"the viewer protocol policy is {policy}: tokens may travel in the clear"


def _check(site: Site) -> Iterator[Fault]:
    distribution = site.distribution()
    origins = [origin["DomainName"] for origin in items(distribution["DistributionConfig"]["Origins"])]
    return judge(site.host, distribution, {name: site.resolved(name, "A") for name in origins})


LINK = Link("distribution", "enabled, under its name, with all methods, no cache and no Origin Shield", once=_check)

"""The health checks that take a region out of rotation: of its endpoint, of drains, of alarms, and all together.

Source: "CreateHealthCheck" in the Amazon Route 53 API Reference.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ops.verify.finding import Fault
from ops.verify.link import Link, serving
from ops.verify.site import Site, listed

_FAST = 10  # seconds between two checks of a drain
_HOLDERS = 2


def judge_endpoint(url: str, interval: int, threshold: int, config: Mapping[str, Any]) -> Iterator[Fault]:
    """`url` is the region's health endpoint; `interval` in seconds."""
    expected = _https(url, "/", interval, threshold, inverted=False)
    yield from _differences("the check of the endpoint", expected, config)


def judge_drain(key: str, url: str, config: Mapping[str, Any]) -> Iterator[Fault]:
    """`url` is the health endpoint of a region that holds what is said of drains of `key`."""
    expected = _https(url, f"/drain/{key}", _FAST, 1, inverted=True)
    yield from _differences("the check of drains", expected, config)


def judge_alarm(name: str, region: str, config: Mapping[str, Any]) -> Iterator[Fault]:
    """`name` is the alarm's, in the AWS region `region`."""
    watched = config.get("AlarmIdentifier", {})
    yield from _differences(
        "the check of an alarm",
        {"Type": "CLOUDWATCH_METRIC", "alarm": name, "region": region, "InsufficientDataHealthStatus": "Healthy"},
        {**config, "alarm": watched.get("Name"), "region": watched.get("Region")},
    )


def judge_combined(children: Sequence[str], config: Mapping[str, Any]) -> Iterator[Fault]:
    """`children` are the ids of all other checks of the region, every one of which has to be healthy."""
    found = set(config.get("ChildHealthChecks", ()))
    if missing := set(children) - found:
        yield Fault(f"the combined check lacks {listed(missing)}: the region stays in rotation whatever that one says")
    if extra := found - set(children):
        yield Fault(f"the combined check has {listed(extra)}, which is none of the region's")
    expected = {"Type": "CALCULATED", "HealthThreshold": len(children), "Inverted": False, "Disabled": False}
    yield from _differences("the combined check", expected, config)


def judge_holders(key: str, regions: Collection[str], holders: Collection[str]) -> Iterator[Fault]:
    """Whether drains of `key` are asked for in two other regions, of a stack of two in one.

    In which ones the config's order decides, which a stack's outputs do not keep.
    """
    others = set(regions) - {key}
    wanted = min(_HOLDERS, len(others))
    if not set(holders) <= others or len(set(holders)) != wanted:
        yield Fault(
            f"drains of {key} are looked up in {listed(holders)}, and should be in {wanted} of {listed(others)}"
        )


def _https(url: str, path: str, interval: int, threshold: int, *, inverted: bool) -> dict[str, Any]:
    return {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": urlsplit(url).hostname,
        "Port": 443,
        "ResourcePath": path,
        "RequestInterval": interval,
        "FailureThreshold": threshold,
        "EnableSNI": True,
        "Inverted": inverted,
        "Disabled": False,
    }


def _differences(what: str, expected: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[Fault]:
    """Of what AWS leaves out, the default: false, and for the port that of HTTPS."""
    defaults = {"Inverted": False, "Disabled": False, "Port": 443}
    for name, value in expected.items():
        if (found := config.get(name, defaults.get(name))) != value:
            yield Fault(f"{what} has {name} {found}, not {value}")


def _check(site: Site, key: str) -> Iterator[Fault]:
    checks = site.told("healthChecks", key)
    urls = site.told("health")
    interval, threshold = site.told("failover", "interval"), site.told("failover", "threshold")
    drains, alarms = checks.get("drain", {}), checks.get("alarms", {})
    yield from judge_holders(key, site.outputs["regions"], drains)
    yield from judge_endpoint(urls[key], interval, threshold, _config(site, checks["endpoint"]))
    for holder, check in drains.items():
        yield from judge_drain(key, urls[holder], _config(site, check))
    for kind, check in alarms.items():
        yield from judge_alarm(site.told("alarms", key, kind), site.region(key), _config(site, check))
    children = [checks["endpoint"], *drains.values(), *alarms.values()]
    yield from judge_combined(children, _config(site, checks["combined"]))


def _config(site: Site, check: str) -> Mapping[str, Any]:
    return dict(site.client("route53").get_health_check(HealthCheckId=check)["HealthCheck"]["HealthCheckConfig"])


LINK = Link(
    "health checks",
    "each region's look at its own endpoint, at drains and at its alarms, and all of them count",
    in_region=_check,
    regions=serving,
    applies=lambda site: site.outputs.get("router") != "function",
)

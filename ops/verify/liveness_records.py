"""The records by which the router knows whether a region lives that the latency record did not name.

Only a stack has them whose viewers are held to a region, or turned away from one by its dial: the router's table says.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ops.verify import router
from ops.verify.finding import Fault
from ops.verify.link import Link, serving
from ops.verify.site import Site, listed, values


def judge(
    name: str, key: str, records: Sequence[Mapping[str, Any]], health_check: str, keys: Sequence[str]
) -> Iterator[Fault]:
    """`records` are those of the name; `keys` all that the router would take for a region."""
    by_role = {each.get("Failover"): each for each in records}
    primary, secondary = by_role.get("PRIMARY"), by_role.get("SECONDARY")
    if primary is None or values(primary) != [key]:
        yield Fault(f"{name} says {listed(values(primary or {}))} while {key} lives: the router takes it for dead")
    elif (found := primary.get("HealthCheckId")) != health_check:
        yield Fault(f"{name} goes by the health check {found or 'of nobody'}, not by {health_check}")
    if secondary is None or set(values(secondary)) & set(keys):
        yield Fault(
            f"{name} says {listed(values(secondary or {}))} when {key} is dead, and the router goes on sending viewers"
        )


def _check(site: Site, key: str) -> Iterator[Fault]:
    routes = (router.deployed(site).routes or {}).get("regions", {})
    if name := routes.get(key, {}).get("alive"):
        check = site.told("healthChecks", key, "combined")
        yield from judge(name, key, site.records_at(name), check, list(site.outputs["regions"]))


LINK = Link(
    "liveness records",
    "those that the router asks for say whether their region lives",
    in_region=_check,
    after=("router",),
    regions=serving,
    applies=lambda site: site.outputs.get("router") != "function",
)

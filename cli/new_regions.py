"""A region that is new to a running stack: refused where it would get requests before it is up.

The edge has to know a region's key before Route 53 names it, or the store of `router: function`, and has to have
forgotten it before the region's token and rows go. So the distribution changes first, whatever comes or goes, and what
names regions to it changes last. Refused is what has the edge choose by its own table in between.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from cli.events import Report
from cli.outputs import serving

_Problem = tuple[str, str, str, str]
"""What else changes, the requests that would come too early, and what to do in a first step and in a second."""


def early_requests(plan: Report) -> Iterator[str]:
    """What would send a new region requests too early, as the stack's outputs before and after the plan tell.

    Not DNS that fails just then: a router that it never answered goes by distance.
    """
    before, after = plan.outputs_before, plan.outputs
    known = before.get("regions")
    if not known or not after:
        return  # nobody sends any requests
    new = [key for key in serving(after) if key not in known]
    for key in new:
        for cause, requests, first, second in (
            *_writes(key, after),
            *_named_no_more(new, before, after),
            *_passed_on(key, before, after),
        ):
            yield (
                f"{key} is new, and {cause}: the edge would send it {requests} before its API, tables and token are "
                f"there. {first} and run antipodes up; then {second} and run antipodes up again."
            )


def _writes(key: str, after: Mapping[str, Any]) -> Iterator[_Problem]:
    if after.get("writes") == key:
        yield "antipodes:writes names it", "all writes", "Leave antipodes:writes as it was", f"name {key} there"


def _named_no_more(new: Collection[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[_Problem]:
    """The edge goes by distance where it is named nothing, or nothing but what its table no longer has."""
    staying = [key for key in serving(after) if key not in new]
    gone = ", ".join(key for key in serving(before) if key not in serving(after))
    if _has_store(after) and not _has_store(before):
        cause = "antipodes:router would change to function, whose store is still empty then"
        yield cause, "requests", "Leave antipodes:router as it was", "change it"
    elif gone and not (_has_store(after) and staying):  # the store names others after those that are gone
        yield f"{gone} would get no requests any more", "some of those", f"Leave {gone} as before", "make that change"


def _passed_on(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[_Problem]:
    """The dials meanwhile are those of the router's new table, or those that the function's store has of old."""
    dials = (before if _has_store(after) else after).get("dials", {})
    others = [f"{other} goes by dial: {dials[other]:g}" for other in serving(after) if other != key and other in dials]
    if others and after.get("dials", {}).get(key) != 0:
        first = f"Write drained: true for {key}"
        yield f"{', '.join(others)} meanwhile", "viewers whom that passes on", first, "take that line away"


def _has_store(outputs: Mapping[str, Any]) -> bool:
    return bool(outputs.get("router") == "function")

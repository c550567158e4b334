"""Lambda@Edge, origin-request: sends each request to a region. This file puts the parts together; read `router` next.

    router            what happens to a request, from the event to the answer
    table             what was deployed: the regions, and how to choose among them
    viewer            what a request says: a write or a read, by whom, from where, with which home region
    resolver          the region that DNS names for the place where this runs, remembered for the record's TTL
    places            the one that it names for the viewer's edge location, likewise
    liveness          whether a region is alive that DNS did not name
    choice            the region for a request, and the reason
    origin            the request on its way there
    regional_headers  the secret headers that each region wants
    diagnostics       what a viewer is told of its region
    responses, log    what viewers and operators are told where something is wrong

Of DNS, `lookup` asks the name servers that `nameservers` and `authority` find; `message`, `wire` and `subnet` know
bytes, `stopwatch` time.
"""

from __future__ import annotations

import json
import os
from functools import partial

import log
import nameservers
import responses
from lookup import lookup_cname
from regional_headers import RegionalHeaders
from resolver import BUDGET_SECONDS, Resolver
from router import Router
from table import Table

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    from liveness import Liveness
    from places import Places


def _read_routes() -> dict[str, Any]:
    """The table, baked in at deploy time: Lambda@Edge has no environment variables, and the package is always there."""
    path = os.path.join(os.path.dirname(__file__), "routes.json")  # noqa: PTH118, PTH120 - pathlib is slow to import
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        routes: dict[str, Any] = json.load(file)
    return routes


def _make_router(routes: dict[str, Any]) -> Router:
    executing_region = os.environ.get("AWS_REGION")  # the regional edge cache's, on Lambda@Edge
    table = Table(routes, executing_region)
    servers = nameservers.configured()
    places, budget = None, BUDGET_SECONDS
    if table.zone is not None:
        places, budget = _make_places(table, table.zone, servers)
    resolver = Resolver(partial(lookup_cname, table.record, servers), table.hosts, report=log.report, budget=budget)
    liveness = _make_liveness(table, servers) if table.alive else None
    return Router(table, resolver, places, RegionalHeaders(log.report_seldom), executing_region, liveness)


def _make_places(table: Table, zone: str, servers: list[tuple[str, int]]) -> tuple[Places, float]:
    """With the seconds that the plain way then has left."""
    import places  # noqa: PLC0415 - most routers do without

    made = places.Places(table.record, zone, servers, table.hosts, report=log.report)
    return made, places.BUDGET_SECONDS


def _make_liveness(table: Table, servers: list[tuple[str, int]]) -> Liveness:
    import liveness  # noqa: PLC0415 - most routers do without

    return liveness.Liveness(table.alive, servers, report=log.report)


_router = _make_router(_read_routes())


def handler(event: Any, _context: Any) -> dict[str, Any]:
    """The request on its way to a region, or a response where it can go nowhere.

    It never raises: to CloudFront that is a bare 502, whatever the reason.
    """
    try:
        return _router.answer(event)
    except Exception as error:  # noqa: BLE001 - viewers get an answer and Retry-After
        log.report_defect(error)
        return responses.unavailable()

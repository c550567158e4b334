"""Whether subscribers are taken in, in each region and through the global name.

That an event then reaches them is not tried: it would be an event to real subscribers, or a row in the user's tables.
Its way is judged link by link instead: tables, fan-out, publishing, dead letters and replication.
"""

from collections.abc import Iterator

from ops import realtime
from ops.reach import UnreachableError
from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.schema import subscription
from ops.verify.site import Site

_LOGS = "See authorizer, token and regional host, and antipodes logs."
_GOOD = "acknowledged ({where}; no event was sent: its way is judged by tables, fan-out, publishing and replication)"


def _subscribe(site: Site, host: str, key: str) -> Iterator[Fault]:
    document = subscription(site.schema(key))
    if document is None:
        return
    try:
        realtime.start(site.reach, host, site.token(), document)
    except UnreachableError as error:
        yield Fault(f"{document} is not started at {error}", _LOGS)


def _global(site: Site) -> Iterator[Fault]:
    return _subscribe(site, site.host, next(iter(site.serving)))


def _region(site: Site, key: str) -> Iterator[Fault]:
    return _subscribe(site, site.told("hosts", key), key)


REGIONAL = Link(
    "regional subscriptions",
    _GOOD.format(where="in every region"),
    in_region=_region,
    applies=lambda site: "fanOut" in site.outputs,
    after=("hosted zone", "certificate", "regional host", "token", "authorizer", "regional requests"),
)
GLOBAL = Link(
    "subscriptions",
    _GOOD.format(where="through the global name"),
    once=_global,
    applies=lambda site: "fanOut" in site.outputs,
    after=("requests", *("hosted zone", "global name", "certificate", "distribution", "router", "regional host")),
)

"""Which region Route 53 names for the viewer's edge location, rather than for the region that the router runs in.

One regional edge cache, and so one router, serves edge locations from far apart. The zone's own name servers answer for
an address of the edge location instead, where the query carries it (EDNS client subnet, RFC 7871).
"""

from __future__ import annotations

import time

from authority import Authority
from lookup import LookupFailedError, PausedError, lookup_cname
from resolver import RETRY_SECONDS, Resolver
from stopwatch import Stopwatch

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from resolver import Answer

# Together with as much for the plain way, should this one fail, a viewer waits for less than a second.
BUDGET_SECONDS = 0.45
# A regional edge cache has a few dozen edge locations; the bound is for what is wrong with that.
MAX_PLACES = 256


class Places:
    """The newest answer for each edge location: each with a TTL, a stale time and a negative cache of its own."""

    def __init__(
        self,
        record: str,
        zone: str,
        resolvers: list[tuple[str, int]],
        keys: Container[str],
        *,
        report: Callable[..., None],
    ) -> None:
        """`resolvers` find the name servers of `zone`, which are then asked for `record`.

        `keys` and `report` are as for `Resolver`; what is reported of a location has its code as one more fact.
        """
        self._record = record
        self._keys = keys
        self._report = report
        self._authority = Authority(zone, resolvers)
        self._failed = Stopwatch()
        self._ignored = False
        self._places: dict[str, _Place] = {}

    def answer(self, location: str, subnet: bytes) -> Answer | None:
        """The region for this edge location (`viewer.Place`); None where the plain way has to do.

        Its `scope` is 0 where the name servers ignored the address.
        """
        place = self._places.get(location)
        if place is None:
            place = self._add(location)
        place.subnet = subnet
        return place.resolver.answer()

    def _add(self, location: str) -> _Place:
        def report(event: str, **facts: object) -> None:
            self._report(event, location=location, **facts)

        def lookup(seconds: float) -> tuple[str, int, int]:
            return self._lookup(place.subnet, seconds)

        place = _Place(Resolver(lookup, self._keys, report=report, budget=BUDGET_SECONDS))
        if len(self._places) >= MAX_PLACES:
            del self._places[next(iter(self._places))]  # the oldest
        self._places[location] = place
        return place

    def _lookup(self, subnet: bytes, seconds: float) -> tuple[str, int, int]:
        if self._failed.elapsed() < RETRY_SECONDS:
            raise PausedError("the zone's name servers failed for another location a moment ago")
        deadline = time.monotonic() + seconds
        left = 0.0
        try:
            servers = self._authority.servers(seconds)
            left = deadline - time.monotonic()
            found = lookup_cname(self._record, servers, left, subnet)
        except LookupFailedError:
            self._failed.start()
            if left > seconds / 2:  # otherwise finding them took what they had needed to answer
                self._authority.distrust()
            raise
        if not found[2] and not self._ignored:
            self._ignored = True
            self._report("subnet-ignored", servers=[address for address, _ in servers])
        return found


class _Place:
    """The answer for one edge location, and the network that it was last seen in."""

    __slots__ = ("resolver", "subnet")

    def __init__(self, resolver: Resolver) -> None:
        self.subnet = b""
        self.resolver = resolver

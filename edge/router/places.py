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
from subnet import encode_subnet

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from resolver import Answer

# Together with as much for the plain way, should this one fail, a viewer waits for less than a second.
BUDGET_SECONDS = 0.45
# A regional edge cache has a few dozen edge locations; the bound is for what is wrong with that.
MAX_PLACES = 256

_CODE_LETTERS = 3  # of an airport, and in some names of edge locations digits behind
_MAX_CODE = 6


class Places:
    """The newest answer for each edge location: each with a TTL, a stale time and a negative cache of its own.

    To be wired as

        Places(record, zone, nameservers.configured(), keys, report=report)

    beside `Resolver(..., budget=places.BUDGET_SECONDS)`, which is asked where this gives None.
    """

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

    def answer(self, location: str, address: str) -> Answer | None:
        """The region for the edge location with this code and server address; None where the plain way has to do.

        Its `scope` is 0 where the name servers ignored the address.
        """
        place = self._places.get(location)
        if place is None:
            if not _is_code(location):
                return None
            place = self._add(location)
        place.address = address
        return place.resolver.answer()

    def age(self, location: str) -> float | None:
        """Seconds since DNS last answered well for the edge location with this code, None if it has not."""
        place = self._places.get(location)
        return None if place is None else place.resolver.age()

    def _add(self, location: str) -> _Place:
        def report(event: str, **facts: object) -> None:
            self._report(event, location=location, **facts)

        def lookup(seconds: float) -> tuple[str, int, int]:
            return self._lookup(place.address, seconds)

        place = _Place(Resolver(lookup, self._keys, report=report, budget=BUDGET_SECONDS))
        if len(self._places) >= MAX_PLACES:
            del self._places[next(iter(self._places))]  # the oldest
        self._places[location] = place
        return place

    def _lookup(self, address: str, seconds: float) -> tuple[str, int, int]:
        subnet = encode_subnet(address)
        if subnet is None:
            raise LookupFailedError(f"{address!r} is no IP address")
        if self._failed.elapsed() < RETRY_SECONDS:
            raise PausedError("the zone's name servers failed for another location a moment ago")
        deadline = time.monotonic() + seconds
        try:
            servers = self._authority.servers(seconds / 2)
            found = lookup_cname(self._record, servers, deadline - time.monotonic(), subnet)
        except LookupFailedError:
            self._failed.start()
            self._authority.distrust()
            raise
        if not found[2] and not self._ignored:
            self._ignored = True
            self._report("subnet-ignored", servers=[address for address, _ in servers])
        return found


class _Place:
    """The answer for one edge location, and the address that it was last seen with."""

    __slots__ = ("address", "resolver")

    def __init__(self, resolver: Resolver) -> None:
        self.address = ""
        self.resolver = resolver


def _is_code(text: str) -> bool:
    letters, digits = text[:_CODE_LETTERS], text[_CODE_LETTERS:]
    return (
        text.isascii()
        and len(letters) == _CODE_LETTERS
        and letters.isalpha()
        and letters.isupper()
        and len(text) <= _MAX_CODE
        and (not digits or digits.isdigit())
    )

"""Whether a region is alive that DNS did not name: a viewer's own, or the one that a dial sends it to.

Each region has a failover record, which Route 53 answers with the region's key while the region is healthy, and with
another word while it is not. It is asked only where that decides, and remembered as the other answers of DNS are.
"""

from __future__ import annotations

from lookup import LookupFailedError, PausedError, lookup_cname
from resolver import RETRY_SECONDS, Resolver
from stopwatch import Stopwatch

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEAD = "unhealthy.invalid"
"""What the record of a region says that is not healthy: a name of nothing (RFC 6761), and with its dot no key."""

# DNS has just answered another question when this one is asked: a viewer does not wait for it as long again.
BUDGET_SECONDS = 0.45


class Liveness:
    """What DNS says of each region's health: with a TTL, a stale time and a negative cache for each."""

    def __init__(
        self, records: Mapping[str, str], resolvers: list[tuple[str, int]], *, report: Callable[..., None]
    ) -> None:
        """`resolvers` are asked for `records`, key -> name.

        `report` is as for `Resolver`; what is reported of a region's record has the region's key as one more fact.
        """
        self._records = records
        self._servers = resolvers
        self._report = report
        self._failed = Stopwatch()
        self._may_ask = True
        self._resolvers: dict[str, Resolver] = {}

    def is_alive(self, key: str, *, may_ask: bool) -> bool:
        """Whether requests may be sent to the region. They may, where DNS never said anything else.

        Without `may_ask`, because DNS just failed to answer, it is what DNS said last.
        """
        resolver = self._resolvers.get(key)
        if resolver is None:
            if key not in self._records:
                return True
            resolver = self._resolvers[key] = self._resolver(key)
        self._may_ask = may_ask
        answer = resolver.answer()
        return answer is None or answer.key == key

    def _resolver(self, key: str) -> Resolver:
        def report(event: str, **facts: object) -> None:
            self._report(event, alive=key, **facts)

        def lookup(seconds: float) -> tuple[str, int, int]:
            return self._lookup(self._records[key], seconds)

        return Resolver(lookup, (key, DEAD), report=report, budget=BUDGET_SECONDS)

    def _lookup(self, record: str, seconds: float) -> tuple[str, int, int]:
        if not self._may_ask or self._failed.elapsed() < RETRY_SECONDS:
            raise PausedError("DNS failed to answer another question a moment ago")
        try:
            return lookup_cname(record, self._servers, seconds)
        except LookupFailedError:
            self._failed.start()
            raise

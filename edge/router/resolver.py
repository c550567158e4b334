"""Remembers which region DNS named, so that of all requests in a record's TTL only the first waits for it."""

from __future__ import annotations

from os import urandom

from lookup import LookupFailedError, PausedError
from stopwatch import Stopwatch

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Callable, Container

# A record's TTL counts within these bounds, in seconds. The floor is for a resolver that hands on the last
# second of a cached answer; the cap keeps a TTL that someone raised from tying viewers to a dead region.
MIN_TTL = 5
MAX_TTL = 60
# Up to this part of a TTL is given away, at random, so that sandboxes that began together do not ask together.
JITTER = 0.1
# After a failed lookup the next requests go by what is known instead of waiting for failures of their own.
RETRY_SECONDS = 5
# For so long the last good answer is better than none (RFC 8767 says days; a region does not move so far unseen).
STALE_SECONDS = 3600
# What a request may be made to wait: with nothing known, and with a stale answer at hand, which after that is the
# better service (the client response timer of RFC 8767, section 5).
BUDGET_SECONDS = 0.9
STALE_BUDGET_SECONDS = 0.3

MAX_REASON = 500  # characters of a log line that come from the network, before JSON escapes them


class Answer:
    """The region that DNS named; `stale` where it could not be asked since the record's TTL ended.

    `scope` is the number of leading bits of the viewer's edge location's address that the name servers answered for
    (RFC 7871); 0 means that the answer is not for the viewer's place, but for wherever the router runs.
    """

    __slots__ = ("key", "scope", "since", "stale")

    def __init__(self, key: str, *, stale: bool = False, scope: int = 0, since: Stopwatch | None = None) -> None:
        """`since` was started when DNS named it: by default it is now."""
        self.key = key
        self.stale = stale
        self.scope = scope
        if since is None:
            since = Stopwatch()
            since.start()
        self.since = since


class Resolver:
    """The newest region that `lookup` named.

    Lambda gives a process one request at a time, so there is never more than one lookup in flight. Nothing is
    refreshed ahead of its end: between requests Lambda freezes the process, so the refresh would have to run inside
    a request, and make that one wait for an answer that it does not need.
    """

    def __init__(
        self,
        lookup: Callable[[float], tuple[str, int, int]],
        keys: Container[str],
        *,
        report: Callable[..., None],
        budget: float = BUDGET_SECONDS,
    ) -> None:
        """`lookup(seconds)` gives what DNS named, its TTL and its scope, or raises `LookupFailedError` in that time.

        `report(event, **facts)` hears of each failed lookup, of the first good one after such, and of each change
        of the region: at most once a lookup.
        """
        self._lookup = lookup
        self._keys = keys
        self._report = report
        self._budget = budget
        self._asked = Stopwatch()
        self._last: Answer | None = None
        self._now: Answer | None = None
        self._holds = 0.0
        self._failing = False

    def answer(self) -> Answer | None:
        """The region by the newest answer, the same object while that is fresh; None where DNS gave none of late."""
        if self._asked.elapsed() < self._holds:
            return self._now
        return self._refresh()

    def _refresh(self) -> Answer | None:
        stale_for = 0.0 if self._last is None else STALE_SECONDS - self._last.since.elapsed()
        try:
            key, ttl, scope = self._lookup(self._budget if stale_for <= 0 else STALE_BUDGET_SECONDS)
        except LookupFailedError as error:
            if not isinstance(error, PausedError):
                self._fail("lookup-failed", str(error))
        else:
            if key in self._keys:
                return self._learn(key, ttl, scope)
            self._fail("unknown-region", key)
        return self._make_do(stale_for)

    def _learn(self, key: str, ttl: int, scope: int) -> Answer:
        was = None if self._last is None else self._last.key
        if self._failing:
            self._report("recovered", region=key, was=was)
        elif was not in (None, key):
            self._report("region-changed", region=key, was=was)
        self._failing = False
        self._last = self._now = Answer(key, scope=scope)
        self._asked.start()
        self._holds = min(max(ttl, MIN_TTL), MAX_TTL) * (1 - JITTER * urandom(1)[0] / 256)
        return self._now

    def _make_do(self, stale_for: float) -> Answer | None:
        """The last good answer, as long as it may be used, until the next lookup is due."""
        last = self._last
        self._now = None
        if last is not None and stale_for > 0:
            self._now = Answer(last.key, stale=True, scope=last.scope, since=last.since)
        self._asked.start()
        self._holds = RETRY_SECONDS if self._now is None else min(RETRY_SECONDS, stale_for)
        return self._now

    def _fail(self, event: str, reason: str) -> None:
        self._failing = True
        self._report(event, reason=reason[:MAX_REASON], last=None if self._last is None else self._last.key)

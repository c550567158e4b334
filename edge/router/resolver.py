"""Remembers which region DNS named, so that of all requests in a record's TTL only the first waits for it."""

import time
from collections.abc import Callable, Container

from lookup import LookupFailedError

# A record's TTL counts within these bounds, in seconds. The floor is for a resolver that hands on the last
# second of a cached answer; the cap keeps a TTL that someone raised from tying viewers to a dead region.
MIN_TTL = 5
MAX_TTL = 60
# After a failed lookup the next requests go by what is known instead of waiting for failures of their own.
RETRY_SECONDS = 5


class Resolver:
    """The newest region that `lookup` named.

    Lambda gives a process one request at a time, so there is never more than one lookup in flight. Between
    requests it freezes the process: time is the wall clock's, and nothing is refreshed in the background.
    """

    def __init__(
        self,
        lookup: Callable[[], tuple[str, int]],
        regions: Container[str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`lookup` gives a region's key and the answer's TTL in seconds, or raises `LookupFailedError`."""
        self._lookup = lookup
        self._regions = regions
        self._clock = clock
        self._region: str | None = None
        self._asked = self._until = 0.0

    def region(self) -> str | None:
        """A key of `regions`, or None as long as no lookup has ever given one.

        Where a lookup fails or names something else, the last good answer stays.
        """
        now = self._clock()
        if not self._asked <= now < self._until:  # a clock set back must not make an answer live on
            self._asked = now
            self._until = now + self._refresh()
        return self._region

    def _refresh(self) -> float:
        """Asks once, and says for how many seconds the result holds."""
        try:
            target, ttl = self._lookup()
        except LookupFailedError as error:
            return self._failed(f"the lookup failed ({error})")
        if target not in self._regions:
            return self._failed(f"DNS named {target!r}, which is no region of this router's table")
        self._region = target
        return min(max(ttl, MIN_TTL), MAX_TTL)

    def _failed(self, reason: str) -> float:
        print(f"antipodes router: {reason}; last good answer: {self._region}")  # noqa: T201 - Lambda's log
        return RETRY_SECONDS

"""The name servers that answer for a zone themselves, found as every resolver finds them: by NS and A records."""

import time
from os import urandom

from lookup import LookupFailedError, lookup
from message import NS, A, Reply
from stopwatch import Stopwatch

# Seconds. Route 53 gives a delegation two days; an hour is how long a moved zone may go unnoticed. Where they cannot be
# found anew, those that are known have to do for the shorter time.
MIN_TTL = 60
MAX_TTL = 3600
# Route 53 gives a zone four name servers; each address is a lookup that a viewer waits for.
ENOUGH = 2

_MAX_NAMES = 4


class Authority:
    """Addresses of the name servers of one zone, kept for the TTL of the records that gave them."""

    def __init__(self, zone: str, resolvers: list[tuple[str, int]]) -> None:
        self._zone = zone
        self._resolvers = resolvers
        self._asked = Stopwatch()
        self._delegation: Reply | None = None
        self._servers: list[tuple[str, int]] = []
        self._holds = 0

    def servers(self, seconds: float) -> list[tuple[str, int]]:
        """Address and port of at least one name server; old ones where half of `seconds` does not suffice to find new.

        Raises:
            LookupFailedError: none is known; the next attempt goes on where this one ended.
        """
        if self._asked.elapsed() >= self._holds:
            try:
                self._servers, self._holds = self._find(seconds)
            except LookupFailedError:
                if not self._servers:
                    raise
                self._holds = MIN_TTL
            self._asked.start()
        return self._servers

    def distrust(self) -> None:
        """Finds name servers anew when they are next needed: those that are known do not answer."""
        self._holds = 0

    def _find(self, seconds: float) -> tuple[list[tuple[str, int]], int]:
        begun = time.monotonic()
        halfway = begun + seconds / 2  # the rest is for asking those that are found, or were
        deadline = halfway if self._servers else begun + seconds
        # One that was kept is for one attempt: what fails by it again may be the delegation's fault.
        delegation, self._delegation = self._delegation, None
        if delegation is None:
            delegation = self._delegation = lookup(self._zone, NS, self._resolvers, deadline - time.monotonic())
        names, shortest = delegation.values, delegation.ttl
        # At random, so that the next attempt after a failure meets others.
        first = urandom(1)[0] % len(names)
        # The sandbox's name servers share the port of its resolver; on AWS both are 53.
        port = self._resolvers[0][1]
        servers: list[tuple[str, int]] = []
        failures = []
        for name in (names[first:] + names[:first])[:_MAX_NAMES]:
            try:
                found = lookup(name, A, self._resolvers, deadline - time.monotonic())
            except LookupFailedError as error:
                failures.append(str(error))
            else:
                servers.append((found.values[0], port))
                shortest = min(shortest, found.ttl)
                deadline = halfway
            if len(servers) == ENOUGH or time.monotonic() >= deadline:
                break
        if not servers:
            raise LookupFailedError(f"no name server of {self._zone} has an address: {'; '.join(failures)}")
        self._delegation = None
        return servers, min(max(shortest, MIN_TTL), MAX_TTL)

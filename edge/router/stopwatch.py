"""How long ago something was, in a process that Lambda freezes between requests."""

import time


class Stopwatch:
    """Seconds since its last start by two clocks, of which the one that says more is believed.

    The monotonic clock may stand still while the sandbox is frozen, and the wall clock may be set back; either alone
    would make an old answer look young.
    """

    __slots__ = ("_monotonic", "_wall")

    def __init__(self) -> None:
        """It has never been started: what it measures is for ever ago."""
        self._wall = self._monotonic = float("-inf")

    def start(self) -> None:
        """Begins anew, from nothing."""
        self._wall = time.time()
        self._monotonic = time.monotonic()

    def elapsed(self) -> float:
        """Seconds since the last start, infinity without one."""
        return max(time.time() - self._wall, time.monotonic() - self._monotonic)

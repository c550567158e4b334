"""Both clocks of a process, in a test's hands."""

import pytest
import stopwatch


class Clocks:
    """`sleep` is what time does; each clock alone is what a frozen sandbox or someone who sets it does."""

    def __init__(self) -> None:
        self.wall = 1_800_000_000.0
        self.steady = 5_000.0

    def sleep(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.steady


def planted(patch: pytest.MonkeyPatch) -> Clocks:
    """Clocks that the router believes; sockets and their time-outs keep the machine's."""
    clocks = Clocks()
    patch.setattr(stopwatch, "time", clocks)
    return clocks

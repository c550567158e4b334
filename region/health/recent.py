"""What was found out a moment ago, in place of finding it out again."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """What `make` returned at most `seconds` ago, so that many who ask cost no more than one.

    Lambda gives a process one request at a time, so two never make it at once.

    Args:
        clock: seconds that go on while the function is frozen, which a monotonic clock's may not.
    """

    def __init__(self, make: Callable[[], T], seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._make = make
        self._seconds = seconds
        self._clock = clock
        self._made: tuple[T, float] | None = None

    def __call__(self) -> tuple[T, float]:
        """It, and its age in seconds."""
        if self._made is not None:
            made, at = self._made
            age = self._clock() - at
            if 0 <= age < self._seconds:
                return made, age
        made = self._make()
        self._made = made, self._clock()
        return made, 0.0

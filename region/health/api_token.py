"""The API's token, as it was last read."""

import time
from collections.abc import Callable

_FRESH = 60.0  # seconds that it is taken for the right one without asking again
_PATIENCE = 5.0  # seconds between two readings


class Token:
    """The token that the region's own copy of the secret holds.

    Args:
        read: returns it, or raises.
        clock: seconds that go on while the function is frozen, which a monotonic clock's may not.
    """

    def __init__(self, read: Callable[[], str], clock: Callable[[], float] = time.time) -> None:
        self._read = read
        self._clock = clock
        self._value: str | None = None
        self._read_at = float("-inf")

    def value(self) -> str:
        """The token. An old one where it cannot be read any more: the API's authorizer does the same.

        Raises:
            Exception: what `read` raised, when it was never read.
        """
        if self._value is None or not 0 <= self._clock() - self._read_at < _FRESH:
            try:
                self._refresh()
            except Exception as error:
                if self._value is None:
                    raise
                print(f"the token could not be read again: {type(error).__name__}")  # noqa: T201 - Lambda's log
        return str(self._value)

    def renewed(self, refused: str) -> str | None:
        """The token in place of one that was refused; None where there is no other, or one was looked for just now.

        Raises:
            Exception: what `read` raised.
        """
        if 0 <= self._clock() - self._read_at < _PATIENCE:
            return None
        self._refresh()
        return None if self._value == refused else self._value

    def _refresh(self) -> None:
        self._read_at = self._clock()
        self._value = self._read()

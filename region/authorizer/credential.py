"""The one token that is accepted, as it was last read."""

import hmac
import time
from collections.abc import Callable

_FRESH = 60.0  # seconds that a token is believed without asking again: how long a revoked one still works
_PATIENCE = 5.0  # seconds between readings that a wrong token can cause


class Credential:
    """Compares tokens with the right one, which it reads seldom and never shows.

    Args:
        read: returns the right token, or raises.
        clock: seconds that only go forward.
    """

    def __init__(self, read: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._token: str | None = None
        self._read_at = float("-inf")
        self._tried_at = float("-inf")

    def accepts(self, presented: str) -> bool:
        """Whether `presented` is the token. A mismatch causes a new reading: the token may have been renewed.

        Raises:
            Exception: what `read` raised, when no token was ever read.
        """
        if self._token is None or self._clock() - self._read_at >= _FRESH:
            self._refresh()
        if self._matches(presented):
            return True
        if not presented or self._clock() - self._tried_at < _PATIENCE:
            return False
        self._refresh()
        return self._matches(presented)

    def _refresh(self) -> None:
        self._tried_at = self._clock()
        try:
            self._token = self._read()
        except Exception as error:
            if self._token is None:
                raise
            # The last token known is a better answer than none, until the secret can be read again.
            print(f"the token could not be read again: {type(error).__name__}")  # noqa: T201 - Lambda's log
        else:
            self._read_at = self._tried_at

    def _matches(self, presented: str) -> bool:
        """In the same time whether the first character differs or the last, so that timing tells nothing."""
        return self._token is not None and hmac.compare_digest(presented.encode(), self._token.encode())

"""Which events need nothing more."""

from threading import Lock

_MOST = 10_000  # event ids, 1 MB; what one shard can hand over again is a batch, 100


class Settled:
    """Remembers the ids of events that were published or set aside, so that a retry does not do it twice.

    Lambda hands a batch over again from its first failed record on, also the records after it that were published.
    The memory is this instance's: where it has ended in between, or where Lambda gives the retry to another instance,
    those are published again. That is the window in which subscribers may hear of a change twice.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._ids: dict[str, None] = {}
        self._lock = Lock()

    def __contains__(self, event_id: str) -> bool:
        return event_id in self._ids

    def add(self, event_id: str) -> None:
        with self._lock:
            self._ids[event_id] = None
            if len(self._ids) > self._most:
                del self._ids[next(iter(self._ids))]

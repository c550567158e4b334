"""Delivers a batch: items side by side, each item's changes one after the other, and nothing lost."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from .changes import Change
from .outcome import Fate, Outcome
from .settled import Settled

Publish = Callable[[Change], Outcome]
Bury = Callable[[Change, str], None]
HasTime = Callable[[], bool]


class Delivery:
    """Publishes changes.

    A change that a retry may mend holds back the later ones of its item, and no others. One that nothing can mend is
    buried where people find it, and holds nothing back.

    Args:
        publish: publishes one change; an exception is a fault of the change.
        bury: puts a change into the dead-letter queue with the reason; an exception means that it is not there.
        settled: the events that need nothing more.
        threads: how many items are published side by side.
    """

    def __init__(self, publish: Publish, bury: Bury, settled: Settled, threads: int) -> None:
        self._publish = publish
        self._bury = bury
        self._settled = settled
        self._threads = ThreadPoolExecutor(threads)

    def __call__(self, changes: Sequence[Change], has_time: HasTime) -> list[str]:
        """The sequence numbers of the changes that must be handed over again, in the order of the stream.

        `has_time` tells whether there is time for one more change.
        """
        items = self._threads.map(lambda item: self._deliver(item, has_time), _by_item(changes))
        left = {change.sequence_number for item in items for change in item}
        return [change.sequence_number for change in changes if change.sequence_number in left]

    def _deliver(self, changes: Sequence[Change], has_time: HasTime) -> Sequence[Change]:
        """The changes of one item that are still to be delivered."""
        for position, change in enumerate(changes):
            if change.event_id in self._settled:
                continue
            if not (has_time() and self._settle(change)):
                return changes[position:]
            self._settled.add(change.event_id)
        return ()

    def _settle(self, change: Change) -> bool:
        """Whether the change needs nothing more."""
        outcome = self._outcome(change)
        match outcome.fate:
            case Fate.PUBLISHED:
                return True
            case Fate.AGAIN:
                _log(change, "will be published again")
                return False
            case Fate.NEVER:
                return self._buried(change, outcome.reason)

    def _outcome(self, change: Change) -> Outcome:
        try:
            return self._publish(change)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not hold up the other changes
            return Outcome(Fate.NEVER, repr(error))

    def _buried(self, change: Change, reason: str) -> bool:
        try:
            self._bury(change, reason)
        except Exception as error:  # noqa: BLE001 - a change that is not buried is not lost: it is handed over again
            _log(change, f"cannot be put into the dead-letter queue: {type(error).__name__}")
            return False
        _log(change, "is in the dead-letter queue")
        return True


def _by_item(changes: Sequence[Change]) -> list[list[Change]]:
    items: dict[str, list[Change]] = {}
    for change in changes:
        items.setdefault(change.item_key, []).append(change)
    return list(items.values())


def _log(change: Change, what: str) -> None:
    """Names the event and nothing that it holds: items are users' data."""
    print(f"{change.field}: event {change.event_id} {what}")  # noqa: T201 - Lambda's log

"""The changes that a replica has sent on and that some of the others could not be reached with."""

from collections.abc import Iterable, Iterator

from sandbox.streams.change import Change

Way = tuple[str, str]  # from which region to which


class Backlog:
    """Of each way, the last change of each item: DynamoDB may combine what waits together."""

    def __init__(self) -> None:
        self._waiting: dict[Way, dict[str, Change]] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, way: Way, changes: Iterable[Change]) -> None:
        """Keeps changes, the oldest first, for the time when the way is free."""
        for change in changes:
            self._waiting.setdefault(way, {})[change.key] = change

    def ways(self) -> Iterator[Way]:
        """The ways on which something waits."""
        yield from list(self._waiting)

    def waiting(self, way: Way) -> list[Change]:
        """What waits on the way, in the order of the writes."""
        return sorted(self._waiting[way].values(), key=lambda change: change.stamp)

    def sent(self, way: Way) -> None:
        """Says that nothing waits on the way any more."""
        del self._waiting[way]

    def inherit(self, region: str, source: str) -> None:
        """Says that the replica in `region` was made of the one in `source`: what the one misses the other does too."""
        for origin, target in self.ways():
            if target == source:
                self.add((origin, region), self.waiting((origin, target)))

"""Which region serves a request, and why. No I/O: what the request says and what DNS answers come as arguments.

The reasons, in the order in which they are tried:

    write     the stack pins writes to one region, and this is a write
    sticky    the viewer named its home region, and that is alive
    location  DNS named the region for the viewer's edge location
    dns       DNS named the region for the place where this router runs
    stale     DNS named the region some time ago, and says nothing now
    nearest   DNS never said anything: by distance, the region nearest to where this router runs
    any       not even a distance is known: the first region of the table
    dial      the region so chosen takes only some of its viewers, and not this one: the nearest that does, and is alive
"""

from __future__ import annotations

from binascii import crc32

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from table import Table

    Choice = tuple[str, str]
    """A region's key, and the reason."""


def choose(
    table: Table,
    *,
    is_write: bool,
    homes: Iterable[str],
    named: Callable[[], Choice | None],
    viewer: str,
    alive: Callable[[str, bool], bool] | None = None,
) -> Choice | None:
    """The region for one request; None where the table has none.

    Args:
        table: whose regions alone are ever chosen.
        is_write: whether the request may change data.
        homes: what the viewer named as its home; the first that is a region counts.
        named: asks DNS, and says why it is to be believed; only called where that decides, and remembers.
        viewer: whom the dials are for (`viewer.identity`).
        alive: whether this region is, of which DNS is asked only where that may be; called for no region that DNS
            named. None where nobody knows: then all are.
    """
    if is_write and table.writes is not None:
        return table.writes, "write"
    chosen = _chosen(table, homes, named, alive)
    if chosen is None or not table.dials or takes(table, chosen[0], viewer):
        return chosen
    for key in table.order:
        if takes(table, key, viewer) and (alive is None or _is_alive(key, named, alive)):
            return key, "dial"
    return chosen


def _chosen(
    table: Table,
    homes: Iterable[str],
    named: Callable[[], Choice | None],
    alive: Callable[[str, bool], bool] | None,
) -> Choice | None:
    for home in homes:
        if home in table.hosts:
            if alive is None or _is_alive(home, named, alive):
                return home, "sticky"
            break
    answer = named()
    return table.fallback if answer is None or answer[0] not in table.hosts else answer


def _is_alive(key: str, named: Callable[[], Choice | None], alive: Callable[[str, bool], bool]) -> bool:
    """Whether the region is alive: DNS names no other. Nobody waits for a second answer of a DNS that gave no first."""
    answer = named()
    return (answer is not None and answer[0] == key) or alive(key, answer is not None and answer[1] != "stale")


def takes(table: Table, key: str, viewer: str) -> bool:
    """Whether the region takes this viewer: always the same answer for the same dial, and a larger dial adds viewers.

    The checksum is one that CloudFront Functions can compute, too; each region has viewers of its own choice, so that
    two dials at 50 do not leave the same half of the viewers to all others.
    """
    dial = table.dials.get(key)
    return dial is None or crc32(f"{key} {viewer}".encode()) % 100 < dial

"""What the router was deployed with: its regions, and how it is to choose among them."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Table:
    """`routes.json` as the router that runs in one AWS region needs it. A region's key stands for it everywhere.

    Attributes:
        hosts: key -> host; what comes over the network picks one of these, and never becomes part of one.
        order: all keys, the nearest to this router first.
        fallback: the key to go to where nothing else tells, and why; None where the table is empty.
        dials: key -> percent of its viewers that it takes; a key that is absent takes all.
        writes: the key that takes all writes; None where every region takes its own.
        sticky: by what a viewer may name its home region: `cookie`, `header`, or None.
        alive: key -> the name whose CNAME answer is that key while the region is healthy; none where nobody is told.
        record: the name whose CNAME answer is a key.
        zone: the zone that holds `record`, where answers are for the viewer's edge location; None where they are
            for this router.
        diagnostics: whether viewers may ask which region they get.
    """

    def __init__(self, routes: Mapping[str, Any], executing_region: str | None) -> None:
        regions: Mapping[str, Any] = routes["regions"]
        near = [key for key in routes.get("nearest", {}).get(executing_region, ()) if key in regions]
        self.hosts: dict[str, str] = {key: region["host"] for key, region in regions.items()}
        self.order = tuple(dict.fromkeys((*near, *regions)))
        self.fallback = (self.order[0], "nearest" if near else "any") if regions else None
        self.dials: dict[str, int] = {key: region["dial"] for key, region in regions.items() if "dial" in region}
        self.alive: dict[str, str] = {key: region["alive"] for key, region in regions.items() if "alive" in region}
        self.writes: str | None = routes["writes"] if routes.get("writes") in regions else None
        self.sticky: str | None = routes.get("sticky")
        self.record: str = routes["record"]
        self.zone: str | None = routes["zone"] if routes.get("routing") == "location" else None
        self.diagnostics = bool(routes.get("diagnostics"))

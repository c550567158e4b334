"""What planted faults do to what listens: a region's hosts, a city's edge location."""

import asyncio
from collections.abc import Mapping

from sandbox.faults.state import Faults
from sandbox.tls_listener import Availability, TlsListener


class ListenerFaults:
    """Turns listeners away from clients, and back: `regions` by AWS region, `edges` by city."""

    def __init__(self, faults: Faults, regions: Mapping[str, TlsListener], edges: Mapping[str, TlsListener]) -> None:
        self._faults = faults
        self._regions = regions
        self._edges = edges

    async def follow(self) -> None:
        """Makes every listener what the faults of this moment want."""
        await asyncio.gather(
            *(listener.turn(self._of_region(region)) for region, listener in self._regions.items()),
            *(listener.turn(self._of_edge(city)) for city, listener in self._edges.items()),
        )

    def _of_region(self, region: str) -> Availability:
        match self._faults.now.region_down(region):
            case None:
                return Availability.SERVING
            case fault:
                return Availability.HANGING if fault.hanging else Availability.REFUSING

    def _of_edge(self, city: str) -> Availability:
        return Availability.REFUSING if self._faults.now.edge_is_down(city) else Availability.SERVING

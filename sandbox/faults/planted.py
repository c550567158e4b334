"""The faults that there are at one moment, and what follows from them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from sandbox.faults.kinds import (
    ApiThrottled,
    ControlPlaneDown,
    DnsDown,
    EdgeDown,
    Fault,
    FunctionFailing,
    FunctionSlow,
    RegionDown,
    ReplicationPaused,
    TableLost,
)
from sandbox.streams.writes import Place

F = TypeVar("F", bound=Fault)


@dataclass(frozen=True)
class Planted:
    """Several faults at once, in the order in which they came."""

    faults: tuple[Fault, ...] = ()

    def adding(self, fault: Fault) -> "Planted":
        """These and `fault`, in the place of one of its kind at the same place."""
        rest = self.without(lambda other: (other.kind, other.place) == (fault.kind, fault.place))
        return Planted((*rest.faults, fault))

    def without(self, are_gone: Callable[[Fault], bool]) -> "Planted":
        """These but for those that are gone."""
        return Planted(tuple(fault for fault in self.faults if not are_gone(fault)))

    def region_down(self, region: str) -> RegionDown | None:
        """How the region is down, if it is."""
        return next((fault for fault in self._of(RegionDown) if fault.region == region), None)

    def is_down(self, region: str) -> bool:
        """Whether nothing of the region answers."""
        return self.region_down(region) is not None

    def is_lost(self, region: str, table: str) -> bool:
        """Whether the region lacks this table."""
        return TableLost(region, table) in self.faults

    def are_connected(self, source: Place, target: Place) -> bool:
        """Whether what was written to one replica of a global table reaches the other."""
        return not (
            any(self.is_down(place.region) or self.is_lost(place.region, place.table) for place in (source, target))
            or any(fault.is_between(source.region, target.region) for fault in self._of(ReplicationPaused))
        )

    def of_function(self, name: str, region: str) -> list[FunctionFailing | FunctionSlow]:
        """What is wrong with a function where it runs."""
        found: list[FunctionFailing | FunctionSlow] = [*self._of(FunctionSlow), *self._of(FunctionFailing)]
        return [fault for fault in found if fault.function == name and fault.region in (None, region)]

    def dns_is_down(self, executing_region: str) -> bool:
        """Whether functions at the edge get no answers there."""
        return any(fault.executing_region in (None, executing_region) for fault in self._of(DnsDown))

    def edge_is_down(self, city: str) -> bool:
        """Whether the city's edge location takes no connections."""
        return EdgeDown(city) in self.faults

    def throttling(self, service: str, region: str) -> Iterator[ApiThrottled]:
        """What refuses calls of the service's API in a region as too many."""
        return (f for f in self._of(ApiThrottled) if f.service == service and f.region in (None, region))

    def control_plane_is_down(self, service: str) -> bool:
        """Whether the service's API takes no calls."""
        return ControlPlaneDown(service) in self.faults

    def _of(self, kind: type[F]) -> Iterator[F]:
        return (fault for fault in self.faults if isinstance(fault, kind))

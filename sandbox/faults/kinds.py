"""The kinds of faults, each a value that says where it is and how bad; None stands for everywhere.

Regions are AWS's names for them: the sandbox knows no keys of a stack.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

# What says how bad a fault is; everything else says where it is.
_DEGREES = frozenset({"hanging", "rate", "seconds"})


@dataclass(frozen=True)
class Fault:
    """Something that is out of order."""

    kind: ClassVar[str]

    @property
    def place(self) -> dict[str, Any]:
        """Where it is: of two faults of a kind at one place, the later one takes the place of the other."""
        return {name: value for name, value in asdict(self).items() if name not in _DEGREES}

    @property
    def document(self) -> dict[str, Any]:
        """The fault as the control shows and takes it."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True)
class RegionDown(Fault):
    """Nothing of a region answers: connections are refused, or, where `hanging`, stay open and silent.

    us-east-1 takes the APIs of CloudFront, IAM and Route 53 with it ("Global services" in the whitepaper "AWS Fault
    Isolation Boundaries"); what these services do by themselves goes on.
    """

    kind: ClassVar[str] = "region-down"
    region: str
    hanging: bool = False


@dataclass(frozen=True)
class TableLost(Fault):
    """A region has not got this table; it is back, with what it missed, when the fault is cleared."""

    kind: ClassVar[str] = "table-lost"
    region: str
    table: str


@dataclass(frozen=True)
class FunctionFailing(Fault):
    """Of the invocations of a function in a region, the share `rate` fails."""

    kind: ClassVar[str] = "function-failing"
    function: str
    region: str | None = None
    rate: float = 1.0


@dataclass(frozen=True)
class FunctionSlow(Fault):
    """Of the invocations of a function in a region, the share `rate` takes `seconds` more, or all of its timeout."""

    kind: ClassVar[str] = "function-slow"
    function: str
    seconds: float
    region: str | None = None
    rate: float = 1.0


@dataclass(frozen=True)
class DnsDown(Fault):
    """What functions at the edge ask of DNS stays without an answer in one executing region, or in all."""

    kind: ClassVar[str] = "dns-down"
    executing_region: str | None = None


@dataclass(frozen=True)
class EdgeDown(Fault):
    """The edge location of a city takes no connections."""

    kind: ClassVar[str] = "edge-down"
    city: str


@dataclass(frozen=True)
class ReplicationPaused(Fault):
    """Global tables replicate nothing: between two regions, between one and all others, or at all."""

    kind: ClassVar[str] = "replication-paused"
    region: str | None = None
    other: str | None = None

    def is_between(self, one: str, two: str) -> bool:
        """Whether nothing goes from the one region to the other, either way."""
        return {self.region, self.other} - {None} <= {one, two}


@dataclass(frozen=True)
class ApiThrottled(Fault):
    """Of the calls of an AWS service's API in a region, the share `rate` is refused as too many."""

    kind: ClassVar[str] = "api-throttled"
    service: str
    region: str | None = None
    rate: float = 1.0


@dataclass(frozen=True)
class ControlPlaneDown(Fault):
    """The API of an AWS service answers 503 to every call; what the service does by itself goes on."""

    kind: ClassVar[str] = "control-plane-down"
    service: str = "route53"


KINDS: dict[str, type[Fault]] = {
    kind.kind: kind
    for kind in (
        RegionDown,
        TableLost,
        FunctionFailing,
        FunctionSlow,
        DnsDown,
        EdgeDown,
        ReplicationPaused,
        ApiThrottled,
        ControlPlaneDown,
    )
}


def members(kind: type[Fault]) -> tuple[str, ...]:
    """The names of what a fault of this kind consists of."""
    return tuple(field.name for field in fields(kind))

"""Which loopback port each part of the embedded AWS listens on.

All ports lie in one block above a base, and a place keeps its port whichever other places are in use, so that
a URL that was pasted into a terminal yesterday reaches the same city today.
"""

import socket
from dataclasses import dataclass
from functools import cached_property

import geography

LOOPBACK = "127.0.0.1"
DEFAULT_BASE = 14500

_DNS = 10
_REGIONS = 40
_EDGES = 100


class PortInUseError(Exception):
    """Another program listens where the sandbox must."""


@dataclass(frozen=True)
class Ports:
    """The block of ports that starts at `base`."""

    base: int = DEFAULT_BASE

    @property
    def gateway(self) -> int:
        """The AWS endpoint that boto3 and the provider call."""
        return self.base

    @property
    def aws_endpoint(self) -> str:
        """The gateway's URL."""
        return f"http://{LOOPBACK}:{self.gateway}"

    @property
    def provider(self) -> int:
        """The gRPC port that the Pulumi engine attaches to."""
        return self.base + 1

    @property
    def emulator(self) -> int:
        """The emulator behind the gateway."""
        return self.base + 2

    @cached_property
    def dns(self) -> dict[str, int]:
        """Executing region (a regional edge cache) -> the port where Route 53 answers as it would there."""
        return {region: self.base + _DNS + n for n, region in enumerate(geography.REGIONAL_EDGE_CACHES)}

    @cached_property
    def regions(self) -> dict[str, int]:
        """AWS region -> the HTTPS port of that region's API endpoints."""
        return {region: self.base + _REGIONS + n for n, region in enumerate(sorted(geography.REGIONS))}

    @cached_property
    def edges(self) -> dict[str, int]:
        """City -> the HTTPS port of its edge location."""
        return {city: self.base + _EDGES + n for n, city in enumerate(sorted(geography.CITIES))}


def require_free(*, tcp: list[int], udp: list[int]) -> None:
    """Raises `PortInUseError` for the first port that another program listens on."""
    for kind, port in [(socket.SOCK_STREAM, port) for port in tcp] + [(socket.SOCK_DGRAM, port) for port in udp]:
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind == socket.SOCK_STREAM:  # connections that have ended are no obstacle
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                raise PortInUseError(
                    f"port {port} on {LOOPBACK} is in use by another program; the sandbox needs it. "
                    "Stop that program, or set ANTIPODES_PORT to the start of another free block of 400 ports."
                ) from None

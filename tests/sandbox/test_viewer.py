"""What a viewer is told where the sandbox does not answer."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from geography import CITIES, edge_cache_of
from sandbox import viewer
from sandbox.certificates import CertificateAuthority
from sandbox.errors import ViewerError
from sandbox.ports import LOOPBACK
from sandbox.viewer import ask, latency_key

CITY = "London"
REGION = edge_cache_of(CITIES[CITY])


@dataclass(frozen=True)
class Somewhere:
    """Ports that the system gave, in place of a block."""

    edges: dict[str, int]
    dns: dict[str, int]


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> Iterator[Somewhere]:
    """A sandbox that takes everything and answers nothing."""
    monkeypatch.setattr(viewer, "_SECONDS", 0.2)
    with ExitStack() as open_:
        edge = open_.enter_context(socket.create_server((LOOPBACK, 0)))
        dns = open_.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        dns.bind((LOOPBACK, 0))
        yield Somewhere({CITY: edge.getsockname()[1]}, {REGION: dns.getsockname()[1]})


def test_an_edge_location_that_hangs_or_is_gone_is_named_with_the_remedy(hung: Somewhere, tmp_path: Path):
    ca = CertificateAuthority(tmp_path).ca_file
    with socket.create_server((LOOPBACK, 0)) as gone:
        port = gone.getsockname()[1]
    for ports in (hung, Somewhere({CITY: port}, {})):
        with pytest.raises(ViewerError, match=r"no answer from the edge location in London: .* antipodes up"):
            ask(ports, ca, CITY, "a.test", "{ a }", "s3cret")  # type: ignore[arg-type] # these are its fields


def test_a_dns_that_hangs_is_named_with_the_remedy(hung: Somewhere):
    with pytest.raises(ViewerError, match=rf"no answer from the DNS in {REGION}: .* antipodes up"):
        latency_key(hung, CITY, "latency.a.test", 0.2)  # type: ignore[arg-type] # these are its fields

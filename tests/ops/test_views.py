import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.message
import dns.resolver
import dns.rrset
import pytest
from dns.edns import ECSOption
from dns.rcode import Rcode

from ops import views
from sandbox.ports import LOOPBACK

RECORD = "latency-routing.example.com."
REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
CLIENTS = {"eu-west-1": "198.18.1.1", "ap-southeast-2": "198.18.2.1"}


@contextmanager
def name_server(answers: dict[str, str | Rcode]) -> Iterator[int]:
    """Answers each client's network, as the question tells it, with the key of a region or with an error; its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind((LOOPBACK, 0))

        def serve() -> None:
            while True:
                wire, asker = listening.recvfrom(4096)
                if not wire:
                    return
                query = dns.message.from_wire(wire)
                (subnet,) = [option for option in query.options if isinstance(option, ECSOption)]
                answer = answers[subnet.address]
                response = dns.message.make_response(query)
                if isinstance(answer, str):
                    response.answer.append(dns.rrset.from_text(RECORD, 60, "IN", "CNAME", answer))
                else:
                    response.set_rcode(answer)
                listening.sendto(response.to_wire(), asker)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        listening.sendto(b"", listening.getsockname())
        thread.join()


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ("sydney.", {"ireland": "ireland", "sydney": "sydney"}),
        ("SYDNEY.", {"ireland": "ireland", "sydney": "sydney"}),
        (Rcode.NXDOMAIN, {"ireland": "ireland", "sydney": None}),
        (Rcode.SERVFAIL, {"ireland": "ireland"}),
    ],
)
def test_each_region_is_asked_for_as_by_somebody_who_is_there(answer: str | Rcode, named: dict[str, str | None]):
    with name_server({"198.18.1.0": "ireland.", "198.18.2.0": answer}) as port:
        told = views.named(RECORD, REGIONS, lambda region: views.at(CLIENTS[region], [LOOPBACK], port))

    assert told == named


def test_where_a_region_lies_nobody_may_say():
    def nobody(_: str) -> dns.resolver.Resolver:
        raise dns.resolver.NoNameservers

    assert views.named(RECORD, REGIONS, nobody) == {}

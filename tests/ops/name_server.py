"""A name server of a zone that answers whoever asks by the client's network that the question tells."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.message
import dns.rrset
from dns.edns import ECSOption
from dns.rcode import Rcode

from sandbox.ports import LOOPBACK

RECORD = "latency-routing.example.com"


@contextmanager
def name_server(answer: Callable[[str], str | Rcode | None]) -> Iterator[int]:
    """Answers with the region key, or the error, that `answer` gives for a network (`198.18.1.0`), and for None not at
    all; its port.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind((LOOPBACK, 0))

        def serve() -> None:
            while True:
                wire, asker = listening.recvfrom(4096)
                if not wire:
                    return
                query = dns.message.from_wire(wire)
                (subnet,) = [option for option in query.options if isinstance(option, ECSOption)]
                said = answer(subnet.address)
                response = dns.message.make_response(query)
                if isinstance(said, Rcode):
                    response.set_rcode(said)
                elif said is not None:
                    response.answer.append(dns.rrset.from_text(f"{RECORD}.", 60, "IN", "CNAME", f"{said}."))
                if said is not None:
                    listening.sendto(response.to_wire(), asker)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        listening.sendto(b"", listening.getsockname())
        thread.join()

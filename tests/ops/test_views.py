import dns.resolver
import pytest
from dns.rcode import Rcode

from ops import views
from sandbox.ports import LOOPBACK
from tests.ops.name_server import RECORD, name_server

REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
CLIENTS = {"eu-west-1": "198.18.1.1", "ap-southeast-2": "198.18.2.1"}


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ("sydney", {"ireland": "ireland", "sydney": "sydney"}),
        ("SYDNEY", {"ireland": "ireland", "sydney": "sydney"}),
        (Rcode.NXDOMAIN, {"ireland": "ireland", "sydney": None}),
        (Rcode.SERVFAIL, {"ireland": "ireland"}),
    ],
)
def test_each_region_is_asked_for_as_by_somebody_who_is_there(answer: str | Rcode, named: dict[str, str | None]):
    answers = {"198.18.1.0": "ireland", "198.18.2.0": answer}
    with name_server(answers.get) as port:
        told = views.named(RECORD, REGIONS, lambda region: views.at(CLIENTS[region], [LOOPBACK], port))

    assert told == named


def test_where_a_region_lies_nobody_may_say():
    def nobody(_: str) -> dns.resolver.Resolver:
        raise dns.resolver.NoNameservers

    assert views.named(RECORD, REGIONS, nobody) == {}

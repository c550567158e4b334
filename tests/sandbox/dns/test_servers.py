import os
import socket
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.query
import pytest
from dns.message import Message
from dns.rcode import Rcode

from sandbox.ports import LOOPBACK, Ports
from tests.sandbox.dns.embedded_dns import EmbeddedDns, embedded_dns, record_set

_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
LONG_TEXTS = [f'"{number}{"x" * 200}"' for number in range(8)]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedDns]:
    with embedded_dns(Ports(23000 + 400 * _WORKER), tmp_path_factory.mktemp("dns") / "emulator.log") as running:
        running.change(
            running.create_zone("example.com"),
            "CREATE",
            record_set("latency-routing.example.com", "CNAME", "ireland", Region="eu-west-1", SetIdentifier="ireland"),
            record_set(
                "latency-routing.example.com", "CNAME", "sydney", Region="ap-southeast-2", SetIdentifier="sydney"
            ),
            record_set("long.example.com", "TXT", *LONG_TEXTS),
            record_set("*.wild.example.com", "A", "192.0.2.7"),
        )
        yield running


def exchange(servers: EmbeddedDns, wire: bytes) -> bytes | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(0.3)
        udp.sendto(wire, (LOOPBACK, servers.ports.dns["eu-west-2"]))
        try:
            return udp.recv(4096)
        except TimeoutError:
            return None


@pytest.mark.parametrize("tcp", [False, True], ids=["UDP", "TCP"])
@pytest.mark.parametrize(("region", "key"), [("eu-west-2", "ireland."), ("ap-southeast-2", "sydney.")])
def test_each_port_answers_as_its_region_hears_it(servers: EmbeddedDns, region: str, key: str, tcp: bool):  # noqa: FBT001 - a parameter of the test
    [rrset] = servers.ask("latency-routing.example.com", "CNAME", region, tcp=tcp).answer

    assert [str(record.target) for record in rrset] == [key]
    assert rrset.ttl == 60


def test_every_regional_edge_cache_has_a_name_server(servers: EmbeddedDns):
    for region in servers.ports.dns:
        assert servers.ask("latency-routing.example.com", "CNAME", region).rcode() == Rcode.NOERROR


def test_wildcards_of_the_emulator_are_answered(servers: EmbeddedDns):
    assert str(servers.ask("any.wild.example.com", "A").answer[0][0]) == "192.0.2.7"


def test_a_change_is_answered_at_once(servers: EmbeddedDns):
    zone = servers.create_zone("changing.example")
    servers.ask("a.changing.example", "A")
    for action, expected in (("CREATE", Rcode.NOERROR), ("DELETE", Rcode.NXDOMAIN)):
        servers.change(zone, action, record_set("a.changing.example", "A", "192.0.2.9"))
        assert servers.ask("a.changing.example", "A").rcode() == expected


def test_the_question_comes_back_in_the_case_it_was_asked(servers: EmbeddedDns):
    answer = servers.ask("LATENCY-routing.Example.com", "CNAME")

    assert answer.question[0].name.to_text() == "LATENCY-routing.Example.com."


@pytest.mark.parametrize(("edns", "payload", "limit"), [(-1, 0, 512), (0, 1232, 1232), (0, 65_535, 1232)])
def test_what_does_not_fit_a_datagram_is_truncated_and_whole_over_tcp(
    servers: EmbeddedDns, edns: int, payload: int, limit: int
):
    query = dns.message.make_query("long.example.com", "TXT", use_edns=edns, payload=payload)

    wire = exchange(servers, query.to_wire())

    assert wire is not None
    assert len(wire) <= limit
    assert dns.message.from_wire(wire).flags & dns.flags.TC
    assert len(servers.ask("long.example.com", "TXT", tcp=True).answer[0]) == len(LONG_TEXTS)


def test_one_connection_serves_many_queries(servers: EmbeddedDns):
    with socket.create_connection((LOOPBACK, servers.ports.dns["eu-west-2"]), timeout=2) as connection:
        for _ in range(3):
            dns.query.send_tcp(connection, dns.message.make_query("latency-routing.example.com", "CNAME"))
            answer, _ = dns.query.receive_tcp(connection)
            assert answer.answer


def test_a_client_that_leaves_in_the_middle_harms_nobody(servers: EmbeddedDns):
    with socket.create_connection((LOOPBACK, servers.ports.dns["eu-west-2"]), timeout=2) as connection:
        connection.sendall(b"\0\x30half a mess")

    assert servers.ask("latency-routing.example.com", "CNAME", tcp=True).answer


def in_another_class() -> Message:
    return dns.message.make_query("latency-routing.example.com", "CNAME", "CH")


def without_question() -> Message:
    return dns.message.Message(id=7)


def notify() -> Message:
    message = dns.message.make_query("example.com", "SOA")
    message.set_opcode(dns.opcode.NOTIFY)
    return message


def for_anything() -> Message:
    return dns.message.make_query("example.com", "ANY")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (in_another_class(), Rcode.NOTIMP),
        (notify(), Rcode.NOTIMP),
        (for_anything(), Rcode.NOTIMP),
        (without_question(), Rcode.FORMERR),
    ],
    ids=["class", "opcode", "type", "no question"],
)
def test_a_question_that_is_not_served_is_refused(servers: EmbeddedDns, query: Message, code: Rcode):
    wire = exchange(servers, query.to_wire())

    assert wire is not None
    assert dns.message.from_wire(wire).rcode() == code


def test_a_malformed_query_is_told_so(servers: EmbeddedDns):
    wire = exchange(servers, b"\x12\x34\1\0\0\1\0\0\0\0\0\0\xff\xff")

    assert wire is not None
    assert wire[:2] == b"\x12\x34"
    assert dns.message.from_wire(wire).rcode() == Rcode.FORMERR


@pytest.mark.parametrize("wire", [b"", b"short", b"\x12\x34\x81\x80" + bytes(8)], ids=["empty", "short", "a response"])
def test_what_is_no_query_gets_no_answer(servers: EmbeddedDns, wire: bytes):
    assert exchange(servers, wire) is None


def test_a_record_that_is_not_understood_is_a_server_failure_and_a_line_in_the_log(
    servers: EmbeddedDns, caplog: pytest.LogCaptureFixture
):
    zone = servers.create_zone("weighted.example")
    weighted = record_set("w.weighted.example", "A", "192.0.2.1", SetIdentifier="one") | {"Weight": 1}
    servers.change(zone, "CREATE", weighted)
    try:
        assert servers.ask("w.weighted.example", "A").rcode() == Rcode.SERVFAIL
        assert "w.weighted.example. A uses Weight" in caplog.text
    finally:
        servers.change(zone, "DELETE", weighted)

import os
import socket
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.query
import pytest
from dns.edns import ECSOption
from dns.message import Message
from dns.rcode import Rcode

from sandbox.edge_addresses import address_of
from sandbox.ports import LOOPBACK, Ports
from tests.sandbox.dns.embedded_dns import EmbeddedDns, embedded_dns, record_set

_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
LONG_TEXTS = [f'"{number}{"x" * 200}"' for number in range(8)]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedDns]:
    with embedded_dns(Ports(23200 + 50 * _WORKER), tmp_path_factory.mktemp("dns") / "emulator.log") as running:
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


def about_client(address: str, prefix: int = 24, *, resolver: bool = False) -> Message:
    query = dns.message.make_query("latency-routing.example.com", "CNAME", options=[ECSOption(address, prefix)])
    query.flags = dns.flags.RD if resolver else dns.flags.Flag(0)
    return query


def told(answer: Message) -> tuple[str, list[str]]:
    """The key in the answer, and what it says of the client's subnet."""
    return str(answer.answer[0][0]), [str(option) for option in answer.options]


@pytest.mark.parametrize(("city", "key"), [("London", "ireland."), ("Melbourne", "sydney.")])
@pytest.mark.parametrize("tcp", [False, True], ids=["UDP", "TCP"])
def test_a_zones_own_server_answers_for_the_city_of_the_clients_subnet(
    servers: EmbeddedDns,
    city: str,
    key: str,
    tcp: bool,  # noqa: FBT001 - a parameter of the test
):
    address = address_of(city)
    network = f"{address.removesuffix('.1')}.0"

    for region in ("eu-west-2", "ap-southeast-2"):
        answer = servers.send(about_client(address), region, tcp=tcp)
        assert told(answer) == (key, [f"ECS {network}/24 scope/24"])
        assert answer.flags & (dns.flags.AA | dns.flags.RA) == dns.flags.AA


@pytest.mark.parametrize(
    ("address", "prefix"), [("192.0.2.1", 24), ("2001:db8::", 56), (address_of("Melbourne"), 16), ("0.0.0.0", 0)]
)
def test_a_subnet_that_is_no_city_is_answered_by_where_the_question_came_from(
    servers: EmbeddedDns, address: str, prefix: int
):
    (key, (option,)) = told(servers.send(about_client(address, prefix)))

    assert key == "ireland."
    assert option.endswith(f"/{prefix} scope/0")


def test_a_resolver_takes_no_notice_of_a_clients_subnet(servers: EmbeddedDns):
    answer = servers.send(about_client(address_of("Melbourne"), resolver=True))

    assert told(answer) == ("ireland.", [])
    assert answer.flags & (dns.flags.AA | dns.flags.RA) == dns.flags.RA


def test_a_zones_own_server_answers_for_its_zones_only(servers: EmbeddedDns):
    query = dns.message.make_query("example.net", "A", flags=0)

    assert servers.send(query).rcode() == Rcode.REFUSED


def test_the_servers_of_a_zone_can_be_found(servers: EmbeddedDns):
    [names] = servers.ask("example.com", "NS").answer

    assert len(names) == 4
    for record in names:
        assert str(servers.ask(str(record.target), "A").answer[0][0]) == LOOPBACK


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


@pytest.mark.parametrize("kind", ["down", "truncated"])
def test_a_planted_fault_is_what_comes_out_of_the_sockets(servers: EmbeddedDns, kind: str):
    query = dns.message.make_query("latency-routing.example.com", "CNAME")
    servers.faults.plant(kind)
    try:
        wire = exchange(servers, query.to_wire())
        assert (wire is None) == (kind == "down")
        with pytest.raises(EOFError):
            servers.send(query, tcp=True)
        assert servers.ask("any.wild.example.com", "A").answer
        assert exchange(servers, b"\x12\x34\1\0\0\1\0\0\0\0\0\0\xff\xff")
    finally:
        servers.faults.plant(None)
    assert servers.send(query, tcp=True).answer


def test_a_fault_of_many_datagrams_sends_them_all(servers: EmbeddedDns):
    servers.faults.plant("noise")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(2)
            query = dns.message.make_query("latency-routing.example.com", "CNAME").to_wire()
            udp.sendto(query, (LOOPBACK, servers.ports.dns["eu-west-2"]))
            assert len(udp.recv(65_535)) == 65_507
            assert dns.message.from_wire(udp.recv(65_535)).flags & dns.flags.TC
    finally:
        servers.faults.plant(None)

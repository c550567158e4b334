import time
from collections.abc import Iterator

import authority
import pytest
from authority import ENOUGH, MAX_TTL, MIN_TTL, Authority
from lookup import LookupFailedError
from message import NS, Reply

from tests.edge.clocks import Clocks, planted
from tests.edge.name_server import Behaviour, NameServer, by_type, code, records, serving, silence
from tests.timing import by_the_clock

NAMES = [f"ns-{number}.awsdns-{number}.com." for number in range(1, 5)]


def addresses(**known: str) -> Behaviour:
    """The address of each name server by its first label."""

    def answer(query: bytes) -> list[bytes]:
        label = query[13 : 13 + query[12]].decode().replace("-", "_")
        return list((records("A", known[label]) if label in known else code("NXDOMAIN"))(query))

    return answer


ALL = addresses(ns_1="192.0.2.1", ns_2="192.0.2.2", ns_3="192.0.2.3", ns_4="192.0.2.4")
ZONE = by_type(NS=records("NS", *NAMES), A=ALL)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return planted(monkeypatch)


@pytest.fixture(autouse=True)
def first(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which name is tried first is left to chance; here, to the test."""
    first = [0]
    monkeypatch.setattr(authority, "urandom", lambda _count: bytes(first))
    return first


@pytest.fixture
def dns(clocks: Clocks) -> Iterator[NameServer]:
    with serving(ZONE) as server:
        yield server


@pytest.fixture
def zone(dns: NameServer) -> Authority:
    return Authority("example.com", [dns.address])


def found(zone: Authority) -> list[str]:
    return [address for address, _ in zone.servers(0.3)]


def test_a_zones_servers_are_found_by_their_names(zone: Authority):
    assert found(zone) == ["192.0.2.1", "192.0.2.2"]


def test_they_are_asked_where_the_resolver_is(zone: Authority, dns: NameServer):
    """53 on AWS; the sandbox has no such port to give."""
    assert {port for _, port in zone.servers(0.3)} == {dns.port}


def test_no_more_addresses_are_looked_up_than_are_needed(zone: Authority, dns: NameServer):
    found(zone)

    assert dns.asked["udp"] == 1 + ENOUGH


def test_each_finding_begins_at_a_server_of_its_own(zone: Authority, first: list[int]):
    first[0] = 4 * 17 + 3
    assert found(zone) == ["192.0.2.4", "192.0.2.1"]


def test_a_server_without_an_address_is_passed_over(zone: Authority, dns: NameServer):
    dns.udp = by_type(NS=records("NS", *NAMES), A=addresses(ns_3="192.0.2.3"))
    assert found(zone) == ["192.0.2.3"]


def test_of_a_delegation_too_long_to_be_one_only_the_first_names_are_tried(zone: Authority, dns: NameServer):
    dns.udp = by_type(NS=records("NS", *(f"ns-{number}.example." for number in range(60, 80))), A=code("NXDOMAIN"))
    with pytest.raises(LookupFailedError) as failed:
        zone.servers(0.3)
    reasons = "; ".join(["127.0.0.1: the server answered NXDOMAIN"] * 4 * 3)
    assert str(failed.value) == f"no name server of example.com has an address: {reasons}"
    assert dns.asked["udp"] == 1 + 4 * 3


@by_the_clock
@pytest.mark.parametrize("fault", [silence, code("SERVFAIL"), records("CNAME", "x.")], ids=["silence", "code", "type"])
def test_a_zone_without_servers_is_a_failed_lookup(zone: Authority, dns: NameServer, fault: Behaviour):
    dns.udp = fault
    begun = time.monotonic()
    with pytest.raises(LookupFailedError):
        zone.servers(0.2)
    assert time.monotonic() - begun < 0.6


@by_the_clock
def test_all_of_it_together_keeps_to_its_time(zone: Authority, dns: NameServer):
    dns.udp = by_type(NS=records("NS", *NAMES))
    begun = time.monotonic()
    with pytest.raises(LookupFailedError):
        zone.servers(0.2)
    assert time.monotonic() - begun < 0.6


@pytest.mark.parametrize(("ttl", "kept"), [(0, 60), (600, 600), (172_800, 3600)])
def test_they_are_kept_for_the_shortest_ttl_within_bounds(
    zone: Authority, dns: NameServer, clocks: Clocks, ttl: int, kept: int
):
    dns.udp = by_type(NS=records("NS", *NAMES), A=records("A", "192.0.2.9", ttl=ttl))
    found(zone)
    asked = dns.asked["udp"]

    clocks.sleep(kept - 1)
    found(zone)
    assert dns.asked["udp"] == asked
    clocks.sleep(1)
    found(zone)
    assert dns.asked["udp"] == 2 * asked


def test_the_ttl_of_the_names_counts_as_well(zone: Authority, dns: NameServer, clocks: Clocks):
    dns.udp = by_type(NS=records("NS", *NAMES, ttl=120), A=ALL)
    found(zone)
    asked = dns.asked["udp"]
    clocks.sleep(120)
    found(zone)
    assert dns.asked["udp"] == 2 * asked


def test_known_servers_do_while_they_cannot_be_found_anew(zone: Authority, dns: NameServer, clocks: Clocks):
    known = found(zone)
    dns.udp = code("SERVFAIL")
    clocks.sleep(MAX_TTL)
    for _ in range(10):
        assert found(zone) == known
    assert dns.asked["udp"] == 1 + ENOUGH + 3

    dns.udp = by_type(NS=records("NS", *NAMES), A=records("A", "192.0.2.9"))
    clocks.sleep(MIN_TTL)
    assert found(zone) == ["192.0.2.9"] * ENOUGH


def test_a_delegation_is_kept_for_the_next_attempt_where_addresses_are_not_to_be_had(zone: Authority, dns: NameServer):
    dns.udp = by_type(NS=records("NS", *NAMES))
    with pytest.raises(LookupFailedError):
        zone.servers(0.1)
    dns.udp = by_type(A=ALL)
    assert found(zone) == ["192.0.2.1", "192.0.2.2"]


def test_it_is_asked_for_anew_once_its_names_have_failed_again(zone: Authority, dns: NameServer):
    dns.udp = by_type(NS=records("NS", "ns-9.gone.example."), A=ALL)
    for _ in range(2):
        with pytest.raises(LookupFailedError, match="NXDOMAIN"):
            zone.servers(0.3)
    dns.udp = ZONE
    assert found(zone) == ["192.0.2.1", "192.0.2.2"]


def test_what_was_found_by_a_delegation_is_not_found_by_it_again(zone: Authority, dns: NameServer, clocks: Clocks):
    found(zone)
    dns.udp = by_type(NS=records("NS", NAMES[3]), A=ALL)
    clocks.sleep(MAX_TTL)
    assert found(zone) == ["192.0.2.4"]


@by_the_clock
def test_where_servers_are_known_half_of_the_time_is_left_for_asking_them(zone: Authority, dns: NameServer):
    known = list(zone.servers(0.3))
    zone.distrust()
    dns.udp = silence
    begun = time.monotonic()
    assert zone.servers(0.6) == known
    assert time.monotonic() - begun < 0.6


class Slow:
    """In place of `lookup`: each answer takes some seconds of the test's clock; `budgets` are what each might take."""

    def __init__(self, clocks: Clocks, seconds: float) -> None:
        self.budgets: list[float] = []
        self._clocks = clocks
        self._seconds = seconds

    def __call__(self, _name: str, kind: bytes, _resolvers: object, seconds: float) -> Reply:
        self.budgets.append(seconds)
        self._clocks.sleep(self._seconds)
        return Reply(["ns-1", "ns-2", "ns-3"] if kind == NS else ["192.0.2.1"], MAX_TTL, 0)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, clocks: Clocks) -> Slow:
    slow = Slow(clocks, 0.125)
    monkeypatch.setattr(authority, "time", clocks)
    monkeypatch.setattr(authority, "lookup", slow)
    return slow


def test_the_first_address_has_all_that_is_left_and_the_second_what_is_left_of_the_first_half(slow: Slow):
    assert len(Authority("example.com", [("192.0.2.53", 53)]).servers(1)) == 2
    assert slow.budgets == [1, 0.875, 0.25]


def test_where_servers_are_known_all_has_to_be_found_in_the_first_half(slow: Slow, clocks: Clocks):
    zone = Authority("example.com", [("192.0.2.53", 53)])
    zone.servers(1)
    slow.budgets.clear()
    clocks.sleep(MAX_TTL)
    zone.servers(1)
    assert slow.budgets == [0.5, 0.375, 0.25]


def test_after_the_first_half_one_address_has_to_do(slow: Slow):
    slow._seconds = 0.25
    assert len(Authority("example.com", [("192.0.2.53", 53)]).servers(1)) == 1
    assert slow.budgets == [1, 0.75]


def test_servers_that_do_not_answer_are_exchanged_for_others(zone: Authority, first: list[int]):
    found(zone)
    zone.distrust()
    first[0] = 2
    assert found(zone) == ["192.0.2.3", "192.0.2.4"]

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import places
import pytest
import resolver
from lookup import LookupFailedError, lookup_cname
from places import BUDGET_SECONDS, MAX_PLACES, Places
from resolver import MAX_TTL, RETRY_SECONDS, STALE_BUDGET_SECONDS, STALE_SECONDS, Answer, Resolver
from subnet import encode_subnet

from tests.edge.clocks import Clocks, planted
from tests.edge.name_server import (
    Behaviour,
    NameServer,
    by_place,
    by_type,
    cname,
    code,
    framed,
    records,
    serving,
    silence,
    truncated,
)
from tests.timing import by_the_clock

RECORD = "latency-routing.example.com"
KEYS = {"ireland", "sydney"}
LONDON = ("LHR", "198.18.3.1")
MELBOURNE = ("MEL", "198.18.17.1")
ZONE_ADDRESS = "127.0.0.2"


def nearest(address: str) -> str:
    return {"198.18.3.0": "ireland", "198.18.17.0": "sydney", "2001:db8:1::": "sydney"}[address]


class World:
    """A resolver, a zone's own name server, and what the router reports of them."""

    def __init__(self, dns: NameServer, zone: NameServer, clocks: Clocks) -> None:
        self.dns = dns
        self.zone = zone
        self.clocks = clocks
        self.reports: list[tuple[str, dict[str, Any]]] = []
        self.places = Places(RECORD, "example.com", [dns.address], KEYS, report=self.report)

    def report(self, event: str, **facts: Any) -> None:
        self.reports.append((event, facts))

    def answer(self, location: str, address: str) -> Answer | None:
        subnet = encode_subnet(address)
        assert subnet is not None
        return self.places.answer(location, subnet)

    def said(self, location: str, address: str) -> tuple[str, bool] | None:
        answer = self.answer(location, address)
        return None if answer is None else (answer.key, answer.stale)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(resolver, "urandom", bytes)
    clocks = planted(monkeypatch)
    plain = by_type(
        NS=records("NS", "ns-1.", "ns-2."), A=records("A", ZONE_ADDRESS), CNAME=cname("the-plain-way-was-asked.")
    )
    with ExitStack() as running:
        dns = running.enter_context(serving(plain))
        zone = running.enter_context(serving(by_place(nearest), at=(ZONE_ADDRESS, dns.port)))
        yield World(dns, zone, clocks)


def test_each_edge_location_is_answered_for_its_own_address(world: World):
    assert world.said(*LONDON) == ("ireland", False)
    assert world.said(*MELBOURNE) == ("sydney", False)
    assert world.reports == []


def test_an_edge_location_with_an_ipv6_address_is_answered_too(world: World):
    assert world.said("SYD", "2001:db8:1::53") == ("sydney", False)


def test_the_answer_says_that_it_is_for_the_place(world: World):
    answer = world.answer(*LONDON)
    assert answer is not None
    assert answer.scope == 24


def test_one_lookup_a_location_serves_all_requests_of_a_ttl(world: World):
    for _ in range(100):
        world.said(*LONDON)
        world.said(*MELBOURNE)

    assert world.zone.asked == {"udp": 2, "tcp": 0}
    assert world.dns.asked == {"udp": 3, "tcp": 0}, "NS once, and two addresses"


def test_a_fresh_answer_of_a_location_is_the_same_object_each_time(world: World):
    assert world.answer(*LONDON) is world.answer(*LONDON)


def test_after_its_ttl_a_location_is_asked_for_anew_at_its_newest_address(world: World):
    world.said(*LONDON)
    world.clocks.sleep(60)
    assert world.said("LHR", "198.18.17.9") == ("sydney", False)
    assert world.reports == [("region-changed", {"location": "LHR", "region": "sydney", "was": "ireland"})]


def slowly(behaviour: Behaviour, seconds: float = 0.06) -> Behaviour:
    def answer(query: bytes) -> Iterable[bytes]:
        time.sleep(seconds)
        return behaviour(query)

    return answer


FOUND = by_type(NS=records("NS", "ns-1.", "ns-2."), A=records("A", ZONE_ADDRESS))
FAULTS: dict[str, Behaviour] = {
    "silence": silence,
    "SERVFAIL": code("SERVFAIL"),
    "FORMERR": code("FORMERR"),
    "NXDOMAIN": code("NXDOMAIN"),
    "empty": code("NOERROR"),
    "truncated": truncated,
    "noise": lambda query: [query + b"\0\5noise"],
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_where_the_zones_servers_fail_the_plain_way_has_to_do(world: World, fault: Behaviour):
    world.zone.udp = fault
    assert world.said(*LONDON) is None
    [(event, facts)] = world.reports
    assert (event, facts["location"], facts["last"]) == ("lookup-failed", "LHR", None)


@pytest.mark.parametrize("kind", ["NS", "A"])
@pytest.mark.parametrize("fault", ["silence", "SERVFAIL", "NXDOMAIN"])
def test_where_the_zones_servers_are_not_found_the_plain_way_has_to_do(world: World, kind: str, fault: str):
    world.dns.udp = by_type(**{"NS": records("NS", "ns-1."), kind: FAULTS[fault]})
    assert world.said(*LONDON) is None
    assert world.zone.asked["udp"] == 0


def test_a_region_that_the_table_does_not_have_is_no_answer(world: World):
    world.zone.udp = by_place(lambda _address: "tokyo")
    assert world.said(*LONDON) is None
    assert world.reports == [("unknown-region", {"location": "LHR", "reason": "tokyo", "last": None})]


@by_the_clock
@pytest.mark.parametrize("seconds", [0.06, 0.1])
def test_a_dns_of_so_slow_an_answer_names_the_region_at_the_first_attempt(world: World, seconds: float):
    world.dns.udp, world.zone.udp = slowly(FOUND, seconds), slowly(by_place(nearest), seconds)
    assert world.said(*LONDON) == ("ireland", False)


@by_the_clock
def test_an_attempt_goes_on_where_the_last_one_ran_out_of_time(world: World):
    world.dns.udp = by_type(NS=records("NS", "ns-1."))
    assert world.said(*LONDON) is None
    world.clocks.sleep(RETRY_SECONDS)
    world.dns.udp, world.zone.udp = by_type(A=slowly(records("A", ZONE_ADDRESS), 0.3)), silence
    assert world.said(*LONDON) is None
    world.clocks.sleep(RETRY_SECONDS)
    world.dns.udp, world.zone.udp = silence, slowly(by_place(nearest), 0.3)
    assert world.said(*LONDON) == ("ireland", False)


def test_servers_that_fail_for_one_location_are_not_asked_for_the_next_ones_at_once(world: World):
    """Otherwise, while they are down, each request from a location not seen before would wait for them."""
    world.zone.udp = code("SERVFAIL")
    world.said(*LONDON)
    asked = world.zone.asked["udp"]
    assert world.said(*MELBOURNE) is None
    assert world.zone.asked["udp"] == asked
    assert len(world.reports) == 1

    world.zone.udp = by_place(nearest)
    world.clocks.sleep(RETRY_SECONDS)
    assert world.said(*MELBOURNE) == ("sydney", False)


def test_after_a_failure_other_servers_of_the_zone_are_tried(world: World):
    world.zone.udp = code("SERVFAIL")
    world.said(*LONDON)
    asked = world.dns.asked["udp"]
    world.clocks.sleep(RETRY_SECONDS)
    world.said(*LONDON)
    assert world.dns.asked["udp"] == asked + 3


def test_a_stale_answer_does_for_an_hour(world: World):
    world.said(*LONDON)
    world.zone.udp = code("SERVFAIL")
    world.clocks.sleep(MAX_TTL)
    assert world.said(*LONDON) == ("ireland", True)
    assert world.said(*MELBOURNE) is None
    world.clocks.sleep(STALE_SECONDS - MAX_TTL)
    assert world.said(*LONDON) is None


def test_only_so_many_locations_are_kept(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(places, "MAX_PLACES", 2)
    world.said(*LONDON)
    world.said(*MELBOURNE)
    world.said("SYD", "198.18.17.9")
    asked = world.zone.asked["udp"]

    world.said(*MELBOURNE)
    world.said("SYD", "198.18.17.9")
    assert world.zone.asked["udp"] == asked
    world.said(*LONDON)
    assert world.zone.asked["udp"] == asked + 1
    assert MAX_PLACES == 256


@pytest.mark.parametrize("zone", [by_place(nearest, scope=0), cname("ireland.")], ids=["scope 0", "no subnet"])
def test_an_answer_for_any_asker_is_one_and_says_so_once(world: World, zone: Behaviour):
    world.zone.udp = zone
    for location in (LONDON, ("DUB", "198.18.3.9"), LONDON):
        answer = world.answer(*location)
        assert answer is not None
        assert (answer.key, answer.scope) == ("ireland", 0)
        world.clocks.sleep(60)

    assert world.reports == [("subnet-ignored", {"servers": [ZONE_ADDRESS, ZONE_ADDRESS]})]


def drip(query: bytes) -> Iterator[bytes]:
    for byte in b"".join(framed(by_place(nearest))(query)):
        time.sleep(0.02)
        yield bytes([byte])


SLOW = {
    "nothing answers": (silence, silence, silence),
    "the zone's servers are silent": (
        by_type(NS=records("NS", "ns-1."), A=records("A", ZONE_ADDRESS)),
        silence,
        silence,
    ),
    "the zone's servers drip": (FOUND, truncated, drip),
    "the zone's servers have no address": (by_type(NS=records("NS", "ns-1.", "ns-2.")), silence, silence),
    "all are slow": (
        slowly(FOUND),
        slowly(truncated),
        drip,
    ),
}


@pytest.mark.parametrize(("finding", "kept"), [(0.25, False), (0.5, True), (0.625, True)])
def test_servers_that_are_silent_are_exchanged_unless_finding_them_left_them_less_than_half_of_the_time(
    monkeypatch: pytest.MonkeyPatch,
    finding: float,
    kept: bool,  # noqa: FBT001 - the expectation
):
    distrusted: list[str] = []
    clocks = planted(monkeypatch)
    monkeypatch.setattr(places, "time", clocks)

    class Found:
        def servers(self, _seconds: float) -> list[tuple[str, int]]:
            clocks.sleep(finding)
            return [(ZONE_ADDRESS, 53)]

        def distrust(self) -> None:
            distrusted.append(ZONE_ADDRESS)

    def ask(_record: str, _servers: object, _seconds: float, _subnet: bytes) -> None:
        raise LookupFailedError("timed out")

    monkeypatch.setattr(places, "lookup_cname", ask)
    asked = Places(RECORD, "example.com", [(ZONE_ADDRESS, 53)], KEYS, report=lambda *_, **__: None)
    monkeypatch.setattr(asked, "_authority", Found())

    with pytest.raises(LookupFailedError):
        asked._lookup(b"subnet", 1)

    assert distrusted == ([] if kept else [ZONE_ADDRESS])


@by_the_clock
@pytest.mark.parametrize(("dns", "zone", "zone_tcp"), SLOW.values(), ids=SLOW)
def test_with_the_plain_way_after_it_a_viewer_waits_less_than_a_second(
    world: World, dns: Behaviour, zone: Behaviour, zone_tcp: Behaviour
):
    world.dns.udp, world.zone.udp, world.zone.tcp = dns, zone, zone_tcp
    plain = Resolver(
        partial(lookup_cname, RECORD, [world.dns.address]),
        KEYS,
        report=world.report,
        budget=BUDGET_SECONDS,
    )

    begun = time.monotonic()
    assert world.said(*LONDON) is None
    assert plain.answer() is None
    assert time.monotonic() - begun < 1


@by_the_clock
def test_where_a_stale_answer_is_at_hand_a_viewer_waits_even_less(world: World):
    world.said(*LONDON)
    world.zone.udp = world.dns.udp = silence
    world.clocks.sleep(STALE_SECONDS - 1)

    begun = time.monotonic()
    assert world.said(*LONDON) == ("ireland", True)
    assert time.monotonic() - begun < STALE_BUDGET_SECONDS + 0.1

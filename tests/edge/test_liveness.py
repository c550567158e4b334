from collections.abc import Iterator
from typing import Any

import liveness
import pytest
import resolver
from liveness import DEAD, Liveness
from resolver import RETRY_SECONDS, STALE_SECONDS

from components import config_regions, liveness_records
from tests.edge.clocks import Clocks, planted
from tests.edge.name_server import Behaviour, NameServer, by_label, cname, code, serving

RECORDS = {key: f"{key}.latency-routing.example.com" for key in ("ireland", "sydney")}


class World:
    """A resolver, and what the router reports of it."""

    def __init__(self, dns: NameServer, clocks: Clocks) -> None:
        self.dns = dns
        self.clocks = clocks
        self.reports: list[tuple[str, dict[str, Any]]] = []
        self.liveness = Liveness(
            RECORDS, [dns.address], report=lambda event, **facts: self.reports.append((event, facts))
        )

    def alive(self, key: str, *, may_ask: bool = True) -> bool:
        return self.liveness.is_alive(key, may_ask=may_ask)

    @property
    def asked(self) -> int:
        return self.dns.asked["udp"]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(resolver, "urandom", bytes)
    clocks = planted(monkeypatch)
    with serving(by_label(ireland=cname("ireland."), sydney=cname(f"{DEAD}."))) as server:
        yield World(server, clocks)


def test_a_region_is_alive_while_its_record_names_it(world: World):
    assert world.alive("ireland")
    assert not world.alive("sydney")
    assert world.reports == []


def test_a_region_without_a_record_is_alive_and_nobody_is_asked(world: World):
    assert world.alive("tokyo")
    assert world.asked == 0


def test_each_answer_holds_for_its_ttl(world: World):
    for _ in range(3):
        world.alive("ireland")
        world.alive("sydney")
    assert world.asked == 2
    world.dns.udp = by_label(ireland=cname(f"{DEAD}."), sydney=cname("sydney."))
    world.clocks.sleep(59)
    assert world.alive("ireland")
    world.clocks.sleep(1)
    assert not world.alive("ireland")
    assert world.alive("sydney")
    assert world.asked == 4
    assert world.reports == [
        ("region-changed", {"alive": "ireland", "region": DEAD, "was": "ireland"}),
        ("region-changed", {"alive": "sydney", "region": "sydney", "was": DEAD}),
    ]


@pytest.mark.parametrize("failing", [code("SERVFAIL"), code("NXDOMAIN"), cname("tokyo."), cname("moon.")])
def test_a_region_of_which_dns_never_said_anything_is_alive(world: World, failing: Behaviour):
    world.dns.udp = failing
    assert world.alive("ireland")
    assert world.alive("sydney")


def test_after_a_failure_nobody_waits_for_that_of_another_region(world: World):
    world.dns.udp = code("SERVFAIL")
    world.alive("ireland")
    asked = world.asked
    assert world.alive("sydney")
    assert world.asked == asked
    world.dns.udp = cname(f"{DEAD}.")
    world.clocks.sleep(RETRY_SECONDS)
    assert not world.alive("sydney")


@pytest.mark.parametrize("wait", [60, 60 + STALE_SECONDS - 61])
def test_what_dns_said_last_counts_for_an_hour_while_it_fails(world: World, wait: float):
    assert not world.alive("sydney")
    world.dns.udp = code("SERVFAIL")
    world.clocks.sleep(wait)
    assert not world.alive("sydney")
    world.clocks.sleep(STALE_SECONDS)
    assert world.alive("sydney")


def test_where_dns_has_just_failed_it_is_not_asked_and_what_it_said_last_counts(world: World):
    assert not world.alive("sydney")
    asked = world.asked
    world.clocks.sleep(61)
    assert not world.alive("sydney", may_ask=False)
    assert world.alive("ireland", may_ask=False)
    assert world.asked == asked
    assert world.reports == []


def test_a_viewer_waits_half_as_long_as_for_the_answer_before_and_less_where_dns_said_something(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    waits: list[float] = []

    def lookup(_name: str, _servers: object, seconds: float) -> tuple[str, int, int]:
        waits.append(seconds)
        return "ireland", 60, 0

    monkeypatch.setattr(liveness, "lookup_cname", lookup)
    world.alive("ireland")
    world.clocks.sleep(60)
    world.alive("ireland")
    assert waits == [resolver.BUDGET_SECONDS / 2, resolver.STALE_BUDGET_SECONDS]


def test_a_failed_lookup_is_told_with_the_region_that_it_was_about(world: World):
    world.dns.udp = code("SERVFAIL")
    world.alive("ireland")
    ((event, facts),) = world.reports
    assert (event, facts["alive"]) == ("lookup-failed", "ireland")


def test_the_program_and_the_router_have_one_word_for_a_dead_region():
    assert liveness_records.DEAD == DEAD


def test_no_config_can_name_a_region_by_the_word_of_a_dead_one():
    assert config_regions.is_key("ireland")
    assert not config_regions.is_key(DEAD)

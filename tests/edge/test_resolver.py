import json
from typing import Any

import pytest
import resolver
from hypothesis import given
from hypothesis import strategies as st
from lookup import LookupFailedError, PausedError
from resolver import (
    BUDGET_SECONDS,
    JITTER,
    MAX_TTL,
    MIN_TTL,
    RETRY_SECONDS,
    STALE_BUDGET_SECONDS,
    STALE_SECONDS,
    Answer,
    Resolver,
)

from components.failover import MODES, Failover
from tests.edge.clocks import Clocks, planted

KEYS = {"ireland", "sydney"}
UNKNOWN = ["tokyo", "sydney.example.com", "", "IRELAND", "evil.example.org\nireland"]


class World:
    """DNS, and what the resolver reports of it."""

    def __init__(self) -> None:
        self.names: str | None = "ireland"
        self.ttl = 30
        self.scope = 0
        self.failure: LookupFailedError = LookupFailedError("127.0.0.1: timed out")
        self.budgets: list[float] = []
        self.reports: list[tuple[str, dict[str, Any]]] = []

    @property
    def lookups(self) -> int:
        return len(self.budgets)

    def lookup(self, seconds: float) -> tuple[str, int, int]:
        self.budgets.append(seconds)
        if self.names is None:
            raise self.failure
        return self.names, self.ttl, self.scope

    def report(self, event: str, **facts: Any) -> None:
        self.reports.append((event, facts))


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return planted(monkeypatch)


@pytest.fixture(autouse=True)
def no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "urandom", bytes)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def asked(world: World, clocks: Clocks) -> Resolver:
    return Resolver(world.lookup, KEYS, report=world.report)


def said(asked: Resolver) -> tuple[str, bool] | None:
    answer = asked.answer()
    return None if answer is None else (answer.key, answer.stale)


FRESH = ("ireland", False)
STALE = ("ireland", True)


def test_the_numbers_are_those_that_the_docs_state():
    assert (MIN_TTL, MAX_TTL, JITTER, RETRY_SECONDS, STALE_SECONDS) == (5, 60, 0.1, 5, 3600)
    assert (BUDGET_SECONDS, STALE_BUDGET_SECONDS) == (0.9, 0.3)


def test_one_lookup_serves_all_requests_of_a_ttl(world: World, asked: Resolver, clocks: Clocks):
    for _ in range(1000):
        assert said(asked) == FRESH
        clocks.sleep(0.0299)

    assert world.lookups == 1


def test_an_answer_is_fresh_and_for_any_asker_unless_it_says_otherwise():
    answer = Answer("ireland")

    assert (answer.key, answer.stale, answer.scope) == ("ireland", False, 0)


def test_an_answer_lives_for_seconds_not_milliseconds(world: World, asked: Resolver, clocks: Clocks):
    """The published router compares a TTL of 1 with milliseconds, and so looks up for nearly every request."""
    answer = asked.answer()
    clocks.sleep(1)
    asked.answer()

    assert world.lookups == 1
    assert answer is not None
    assert answer.scope == 0


def test_a_fresh_answer_is_the_same_object_each_time(asked: Resolver):
    assert asked.answer() is asked.answer()


def test_a_change_is_seen_once_the_ttl_is_over(world: World, asked: Resolver, clocks: Clocks):
    asked.answer()
    world.names = "sydney"
    clocks.sleep(29.9)
    assert said(asked) == FRESH
    clocks.sleep(0.1)
    assert said(asked) == ("sydney", False)


@pytest.mark.parametrize(("ttl", "kept"), [(0, MIN_TTL), (1, MIN_TTL), (300, MAX_TTL), (2**31 - 1, MAX_TTL)])
def test_a_ttl_counts_within_bounds(world: World, asked: Resolver, clocks: Clocks, ttl: int, kept: int):
    world.ttl = ttl
    asked.answer()
    clocks.sleep(kept - 0.1)
    asked.answer()
    assert world.lookups == 1
    clocks.sleep(0.1)
    asked.answer()
    assert world.lookups == 2


@pytest.mark.parametrize("budget", MODES.values(), ids=MODES)
def test_no_answer_is_kept_for_longer_than_its_record_lives_and_a_failover_counts_on(
    budget: Failover, world: World, asked: Resolver, clocks: Clocks
):
    for left in range(budget.ttl + 1):  # of the record's TTL, when a resolver of somebody else's hands it on
        world.ttl, world.names = left, "ireland"
        asked.answer()
        world.names = "sydney"
        clocks.sleep(left + budget.router)
        assert said(asked) == ("sydney", False)
        clocks.sleep(2 * MAX_TTL)


@pytest.mark.parametrize(("octet", "kept"), [(0, 30), (128, 28.5), (255, 30 * (1 - JITTER * 255 / 256))])
def test_up_to_a_tenth_of_a_ttl_is_given_away_at_random(
    world: World, asked: Resolver, clocks: Clocks, monkeypatch: pytest.MonkeyPatch, octet: int, kept: float
):
    monkeypatch.setattr(resolver, "urandom", lambda count: bytes([octet]) * count)
    asked.answer()
    clocks.sleep(kept - 0.01)
    asked.answer()
    assert world.lookups == 1
    clocks.sleep(0.02)
    asked.answer()
    assert world.lookups == 2


def test_nothing_is_asked_before_it_is_needed(world: World, asked: Resolver):
    assert world.lookups == 0


def test_an_answer_knows_for_how_long_it_has_been_one(world: World, asked: Resolver, clocks: Clocks):
    fresh = asked.answer()
    clocks.sleep(29)
    assert fresh is not None
    assert fresh.since.elapsed() == 29

    world.names = None
    clocks.sleep(71)
    stale = asked.answer()
    assert stale is not None
    assert stale.since.elapsed() == 100


def test_the_scope_of_an_answer_is_handed_on(world: World, asked: Resolver, clocks: Clocks):
    world.scope = 24
    answer = asked.answer()
    assert answer is not None
    assert answer.scope == 24

    world.names = None
    clocks.sleep(60)
    stale = asked.answer()
    assert stale is not None
    assert stale.scope == 24


class TestAFailingDns:
    """The published router ignores the resolver's error, and throws; it also throws on an unknown key."""

    @pytest.fixture(params=[None, *UNKNOWN], ids=repr)
    def fault(self, request: pytest.FixtureRequest) -> str | None:
        fault: str | None = request.param
        return fault

    def test_leaves_the_last_good_answer_for_an_hour(
        self, world: World, asked: Resolver, clocks: Clocks, fault: str | None
    ):
        asked.answer()
        begun = clocks.wall
        world.names = fault
        clocks.sleep(30)
        while (answer := said(asked)) == STALE:
            clocks.sleep(0.5)
        assert answer is None
        assert clocks.wall - begun == STALE_SECONDS

    def test_leaves_nothing_where_nothing_was_known(self, world: World, asked: Resolver, fault: str | None):
        world.names = fault
        assert said(asked) is None

    def test_is_asked_by_one_request_in_a_few_seconds_while_the_others_do_not_wait(
        self, world: World, asked: Resolver, clocks: Clocks, fault: str | None
    ):
        world.names = fault
        for _ in range(960):
            assert said(asked) is None
            clocks.sleep(0.0625)

        assert world.lookups == 60 / RETRY_SECONDS

    def test_is_asked_as_rarely_when_its_last_answer_is_stale(
        self, world: World, asked: Resolver, clocks: Clocks, fault: str | None
    ):
        asked.answer()
        clocks.sleep(30)
        world.names = fault
        for _ in range(960):
            assert said(asked) == STALE
            clocks.sleep(0.0625)

        assert world.lookups == 1 + 60 / RETRY_SECONDS

    def test_that_recovers_is_heard_within_the_retry_time(
        self, world: World, asked: Resolver, clocks: Clocks, fault: str | None
    ):
        world.names = fault
        asked.answer()
        world.names = "sydney"
        clocks.sleep(RETRY_SECONDS)
        assert said(asked) == ("sydney", False)

    def test_after_the_hour_recovers_as_well(self, world: World, asked: Resolver, clocks: Clocks, fault: str | None):
        asked.answer()
        world.names = fault
        clocks.sleep(STALE_SECONDS)
        assert said(asked) is None
        world.names = "ireland"
        clocks.sleep(RETRY_SECONDS)
        assert said(asked) == FRESH

    def test_is_told_once_a_lookup(self, world: World, asked: Resolver, clocks: Clocks, fault: str | None):
        asked.answer()
        world.names = fault
        clocks.sleep(30)
        for _ in range(100):
            asked.answer()

        facts = {"reason": str(world.failure) if fault is None else fault, "last": "ireland"}
        assert world.reports == [("lookup-failed" if fault is None else "unknown-region", facts)]


def test_a_flapping_dns_costs_no_answer(world: World, asked: Resolver, clocks: Clocks):
    asked.answer()
    for second in range(600):
        world.names = "ireland" if second // 7 % 2 else None
        clocks.sleep(1)
        assert said(asked) in (FRESH, STALE)


def test_a_request_waits_less_where_a_stale_answer_is_at_hand(world: World, asked: Resolver, clocks: Clocks):
    asked.answer()
    world.names = None
    clocks.sleep(STALE_SECONDS - 0.5)
    assert said(asked) == STALE
    clocks.sleep(0.5)
    assert said(asked) is None

    assert world.budgets == [BUDGET_SECONDS, STALE_BUDGET_SECONDS, BUDGET_SECONDS]


def test_the_budget_may_be_a_part_of_what_a_request_has(world: World, clocks: Clocks):
    Resolver(world.lookup, KEYS, report=world.report, budget=0.4).answer()

    assert world.budgets == [0.4]


def test_what_a_name_server_says_is_reported_bounded_and_whole_for_json(world: World, asked: Resolver):
    world.names, world.failure = None, LookupFailedError("\n\x00é" * 1000)
    asked.answer()

    [(_, facts)] = world.reports
    assert len(facts["reason"]) == 500
    assert facts["last"] is None
    assert "\n" not in json.dumps(facts)


def test_a_lookup_that_was_not_tried_is_not_told(world: World, asked: Resolver, clocks: Clocks):
    world.names, world.failure = None, PausedError("told already")
    assert said(asked) is None
    assert world.reports == []
    clocks.sleep(RETRY_SECONDS - 0.1)
    asked.answer()
    assert world.lookups == 1


def test_a_change_of_the_region_is_told_and_the_first_answer_is_none(world: World, asked: Resolver, clocks: Clocks):
    for names in ("ireland", "ireland", "sydney", "sydney", None, "sydney", "ireland"):
        world.names = names
        asked.answer()
        clocks.sleep(60)

    assert [report for report in world.reports if report[0] == "region-changed"] == [
        ("region-changed", {"region": "sydney", "was": "ireland"}),
        ("region-changed", {"region": "ireland", "was": "sydney"}),
    ]


def test_the_first_good_answer_after_failures_is_told_with_what_it_changed(
    world: World, asked: Resolver, clocks: Clocks
):
    for names in (None, None, "ireland", "ireland", "tokyo", "sydney", "sydney"):
        world.names = names
        asked.answer()
        clocks.sleep(60)

    assert [report for report in world.reports if report[0] != "lookup-failed"] == [
        ("recovered", {"region": "ireland", "was": None}),
        ("unknown-region", {"reason": "tokyo", "last": "ireland"}),
        ("recovered", {"region": "sydney", "was": "ireland"}),
    ]


def test_who_was_not_told_of_a_failure_is_told_of_no_recovery(world: World, asked: Resolver, clocks: Clocks):
    world.names, world.failure = None, PausedError("told already")
    asked.answer()
    world.names = "ireland"
    clocks.sleep(RETRY_SECONDS)
    asked.answer()

    assert world.reports == []


def test_a_wall_clock_set_back_neither_prolongs_nor_ends_an_answer(world: World, asked: Resolver, clocks: Clocks):
    asked.answer()
    clocks.wall -= 86_400
    world.names = "sydney"
    clocks.sleep(29.9)
    assert said(asked) == FRESH
    clocks.sleep(0.1)
    assert said(asked) == ("sydney", False)


def test_a_frozen_sandbox_asks_anew_when_it_wakes(world: World, asked: Resolver, clocks: Clocks):
    """Its monotonic clock may have stood still."""
    asked.answer()
    world.names = "sydney"
    clocks.wall += 30
    assert said(asked) == ("sydney", False)


def test_a_wall_clock_set_back_does_not_make_a_stale_answer_live_on(world: World, asked: Resolver, clocks: Clocks):
    asked.answer()
    world.names = None
    clocks.sleep(STALE_SECONDS)
    clocks.wall -= 86_400
    assert said(asked) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ireland", "sydney", "tokyo", "", None]),
            st.integers(0, 2**31 - 1),
            st.floats(0, 2000),
            st.floats(-100_000, 2000),
        )
    )
)
def test_whatever_dns_and_the_clocks_do_no_answer_is_older_than_it_may_be(
    steps: list[tuple[str | None, int, float, float]],
):
    """A fresh answer came from DNS in the last minute, a stale one in the last hour, by either clock."""
    with pytest.MonkeyPatch.context() as patch:
        clocks = planted(patch)
        world = World()
        asked = Resolver(world.lookup, KEYS, report=world.report)
        named: list[tuple[str, float, float]] = []
        for world.names, world.ttl, steady, wall in steps:
            lookups = world.lookups
            answer = asked.answer()
            if world.lookups > lookups and world.names in KEYS:
                named.append((str(world.names), clocks.wall, clocks.steady))
            if answer is not None:
                key, by_wall, by_steady = named[-1]
                age = max(clocks.wall - by_wall, clocks.steady - by_steady)
                assert answer.key == key
                assert age <= (STALE_SECONDS if answer.stale else MAX_TTL)
            clocks.steady += steady
            clocks.wall += wall

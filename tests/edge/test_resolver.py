from collections.abc import Callable

import pytest
from lookup import LookupFailedError
from resolver import MAX_TTL, MIN_TTL, RETRY_SECONDS, Resolver

REGIONS = {"ireland", "sydney"}


class World:
    """DNS and a clock, both in a test's hands."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.names: str | None = "ireland"
        self.ttl = 30
        self.lookups = 0

    def lookup(self) -> tuple[str, int]:
        self.lookups += 1
        if self.names is None:
            raise LookupFailedError("127.0.0.1: timed out")
        return self.names, self.ttl

    def clock(self) -> float:
        return self.now


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def region(world: World) -> Callable[[], str | None]:
    return Resolver(world.lookup, REGIONS, world.clock).region


def test_one_lookup_serves_all_requests_of_a_ttl(world: World, region: Callable[[], str | None]):
    for _ in range(1000):
        world.now += 0.029
        assert region() == "ireland"

    assert world.lookups == 1


def test_an_answer_lives_for_seconds_not_milliseconds(world: World, region: Callable[[], str | None]):
    """The published router compares a TTL of 1 with milliseconds, and so looks up for nearly every request."""
    region()
    world.now += 1
    region()

    assert world.lookups == 1


def test_a_change_is_seen_once_the_ttl_is_over(world: World, region: Callable[[], str | None]):
    region()
    world.names = "sydney"
    world.now += 29.9
    assert region() == "ireland"
    world.now += 0.1
    assert region() == "sydney"


@pytest.mark.parametrize(("ttl", "kept"), [(0, MIN_TTL), (1, MIN_TTL), (300, MAX_TTL), (2**31 - 1, MAX_TTL)])
def test_a_ttl_counts_within_bounds(world: World, region: Callable[[], str | None], ttl: int, kept: int):
    world.ttl = ttl
    region()
    world.now += kept - 0.1
    region()
    assert world.lookups == 1
    world.now += 0.1
    region()
    assert world.lookups == 2


def test_a_failed_lookup_leaves_the_last_good_answer(world: World, region: Callable[[], str | None]):
    """The published router ignores the resolver's error, and throws."""
    region()
    world.names = None
    world.now += 600
    assert region() == "ireland"


def test_while_dns_is_down_only_one_request_in_a_few_seconds_waits_for_it(
    world: World, region: Callable[[], str | None]
):
    world.names = None
    for _ in range(600):
        assert region() is None
        world.now += 0.1

    assert world.lookups == 60 / RETRY_SECONDS


def test_recovery_is_seen_within_the_retry_time(world: World, region: Callable[[], str | None]):
    world.names = None
    region()
    world.names = "sydney"
    world.now += RETRY_SECONDS
    assert region() == "sydney"


@pytest.mark.parametrize("unknown", ["tokyo", "sydney.example.com", "", "evil.example.org\nireland"])
def test_an_unknown_region_is_no_answer(
    world: World, region: Callable[[], str | None], unknown: str, capsys: pytest.CaptureFixture[str]
):
    """The published router throws on it. Its text comes from the network: it may not break the log's lines."""
    region()
    world.names = unknown
    world.now += 30

    assert region() == "ireland"
    [line] = capsys.readouterr().out.splitlines()
    assert repr(unknown) in line


def test_each_failure_is_told_in_one_line(
    world: World, region: Callable[[], str | None], capsys: pytest.CaptureFixture[str]
):
    world.names = None
    for _ in range(100):
        region()

    assert capsys.readouterr().out == (
        "antipodes router: the lookup failed (127.0.0.1: timed out); last good answer: None\n"
    )


def test_a_clock_set_back_does_not_make_an_answer_live_on(world: World, region: Callable[[], str | None]):
    region()
    world.names = "sydney"
    world.now -= 86_400
    assert region() == "sydney"


def test_a_frozen_sandbox_asks_anew_when_it_wakes(world: World, region: Callable[[], str | None]):
    region()
    world.names = "sydney"
    world.now += 3600
    assert region() == "sydney"

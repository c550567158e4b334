"""What viewers notice of DNS that fails, while their requests go through the edges: nothing.

The clock of the router is ahead by what a test lets pass, so that minutes and hours take no time. Which region is right
is what the records say, and they change while DNS is out of order: so its recovery shows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.dns.faults import FAULTS
from sandbox.edge_addresses import address_of
from sandbox.ports import Ports
from tests.sandbox.cloudfront.edge import CITIES, REGIONS, Edge, edge, record
from tests.sandbox.embedded import ports, runner

__all__ = ["ports", "runner"]

RECORD = "latency-routing.example.test"
TTL = 60
RETRY = 6  # a second more than the router lets pass after a lookup that failed
HOUR = 3600  # the router's limit for stale answers
HARMLESS = "upper-case"  # the answer is the right one all the same
SOMETIMES = "flapping"  # some questions are answered
FATAL = sorted(FAULTS.keys() - {HARMLESS, SOMETIMES})
NEAREST = {"London": "ireland", "Melbourne": "sydney"}
CROSSED = {"London": "sydney", "Melbourne": "ireland"}
_KEYS = {region: key for key, region in REGIONS.items()}

Places = dict[str, str]
"""City -> the key of a region."""


def at(city: str, code: str) -> dict[str, str]:
    """The headers by which the router knows that a viewer came in at the edge location of `city`."""
    return {"x-antipodes-edge-location": code, "x-antipodes-edge-address": address_of(city)}


@dataclass
class Live:
    """Viewers in both cities, and the DNS that leads them.

    `reasons` are why each city's last request went where it did, by what the router told the region.
    """

    there: Edge
    right: Places = field(default_factory=lambda: NEAREST)
    reasons: dict[str, str] = field(default_factory=dict)

    async def served(self) -> Places:
        """Which region each city's viewers get, all of whom are served."""
        keys = await asyncio.gather(*(self._served(city) for city in CITIES))
        return dict(zip(CITIES, keys, strict=True))

    async def _served(self, city: str) -> str:
        keys = {await self.key(city) for _ in range(3)}
        assert len(keys) == 1, "three in a row get the same region"
        return keys.pop()

    async def key(self, city: str, headers: dict[str, str] | None = None) -> str:
        """The key of the region that serves one viewer."""
        answer = await self.there.post(city, '{ region header(name: "x-antipodes-route") }', headers)
        assert answer.status == 200, answer.text
        key, _, self.reasons[city] = answer.data["header"].partition("; reason=")
        assert key == _KEYS[answer.data["region"]]
        return str(key)

    def wait(self, seconds: float) -> None:
        self.there.clock.set(self.there.clock.ahead + seconds)

    async def within_ttl(self, holds: Callable[[], Awaitable[bool]]) -> bool:
        """Whether it comes to hold before one TTL has passed; a busy machine makes a lookup or two fail by itself."""
        for _ in range(TTL // RETRY):
            self.wait(RETRY)
            if await holds():
                return True
        return False

    async def recovers(self, *cities: str) -> bool:
        """Whether viewers in these cities, or in all, get the right region before one TTL has passed."""

        async def are_right() -> bool:
            served = await self.served()
            return all(served[city] == self.right[city] for city in cities or CITIES)

        return await self.within_ttl(are_right)

    async def settle(self) -> None:
        """Lets what the routers know go out of date, and waits until they know what is right now."""
        self.wait(TTL)
        assert await self.recovers()

    async def move(self, to: Places, end: str = "") -> None:
        """Changes the records so that DNS names these regions; each value ends in `end`."""
        changed = [
            record(RECORD, "CNAME", to[city] + end, Region=REGIONS[NEAREST[city]], SetIdentifier=NEAREST[city])
            for city in CITIES
        ]
        await self.there.records(*changed, action="UPSERT")
        self.right = to

    async def swap(self, end: str = "") -> Places:
        """Moves every city to the other region; which one it was."""
        before = self.right
        await self.move(CROSSED if before == NEAREST else NEAREST, end)
        return before


def wait_for_origins(config: dict[str, Any]) -> None:
    """As long as CloudFront does by itself: whether a busy machine is quick is not what is tested here."""
    config["Origins"]["Items"][0].update(ConnectionAttempts=3, ConnectionTimeout=10)


@pytest.fixture(scope="module")
def deployed(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    everything = edge(ports, tmp_path_factory.mktemp("edge"))
    there = runner.run(everything.__aenter__())
    runner.run(there.update(wait_for_origins))
    yield Live(there)
    runner.run(everything.__aexit__(None, None, None))


@pytest.fixture
def live(deployed: Live) -> Iterator[Live]:
    yield deployed
    deployed.there.faults.plant(None)


@pytest.mark.parametrize("kind", FATAL)
def test_the_last_good_region_serves_until_dns_is_back_and_then_the_right_one(
    kind: str, runner: asyncio.Runner, live: Live
) -> None:
    async def story() -> None:
        await live.settle()
        live.there.faults.plant(kind)
        before = await live.swap()
        for _ in range(10 if kind == "down" else 2):
            live.wait(TTL)
            assert await live.served() == before
            assert set(live.reasons.values()) == {"stale"}
        live.there.faults.plant(None)
        assert await live.recovers()
        assert set(live.reasons.values()) == {"dns"}

    runner.run(story())


def test_an_answer_in_upper_case_is_an_answer(runner: asyncio.Runner, live: Live) -> None:
    async def story() -> None:
        live.there.faults.plant(HARMLESS)
        for _ in range(2):
            await live.swap()
            await live.settle()

    runner.run(story())


def test_a_record_that_was_written_with_a_trailing_dot_is_an_answer(runner: asyncio.Runner, live: Live) -> None:
    async def story() -> None:
        for _ in range(2):
            await live.swap(end=".")
            await live.settle()

    runner.run(story())


def test_dns_that_comes_and_goes_is_followed_when_it_is_there(runner: asyncio.Runner, live: Live) -> None:
    async def story() -> None:
        await live.settle()
        live.there.faults.plant(SOMETIMES)
        for _ in range(4):
            before = await live.swap()
            live.wait(TTL)
            for city, key in (await live.served()).items():
                assert key in (before[city], live.right[city])
            assert await live.recovers()

    runner.run(story())


def test_an_answer_of_an_hour_ago_gives_way_to_the_nearest_region(runner: asyncio.Runner, live: Live) -> None:
    async def story() -> None:
        await live.move(CROSSED)
        await live.settle()
        live.there.faults.plant("down")
        live.wait(HOUR - 2 * TTL)
        assert await live.served() == CROSSED
        live.wait(3 * TTL)
        assert await live.served() == NEAREST
        assert set(live.reasons.values()) == {"nearest"}
        live.there.faults.plant(None)
        assert await live.recovers()

    runner.run(story())


def test_a_clock_that_is_set_back_keeps_no_answer_alive(runner: asyncio.Runner, live: Live) -> None:
    async def story() -> None:
        await live.settle()
        live.there.clock.set(live.there.clock.ahead - 2 * HOUR)
        await live.served()
        await live.swap()
        await live.settle()

    runner.run(story())


def test_a_router_that_never_had_an_answer_leads_to_the_nearest_region(runner: asyncio.Runner, live: Live) -> None:
    async def story() -> None:
        await live.move(CROSSED)
        live.there.faults.plant(FATAL[0])
        await live.there.route()
        for kind in FATAL:
            live.there.faults.plant(kind)
            live.wait(RETRY)
            assert await live.served() == NEAREST, kind
            assert set(live.reasons.values()) == {"nearest"}, kind
        live.there.faults.plant(None)
        assert await live.recovers()

    runner.run(story())


def test_a_fault_in_one_region_is_that_regions_alone(runner: asyncio.Runner, live: Live) -> None:
    async def story() -> None:
        await live.settle()
        live.there.faults.plant("down", region="eu-west-2")
        before = await live.swap()
        live.wait(TTL)
        assert await live.recovers("Melbourne")
        assert (await live.served())["London"] == before["London"]

    runner.run(story())


@pytest.fixture(scope="module")
def by_location(runner: asyncio.Runner, deployed: Live) -> Live:
    """Routers that ask for the viewer's place."""
    runner.run(deployed.move(NEAREST))
    runner.run(deployed.there.route(routing="location"))
    return deployed


def test_where_a_zones_servers_fail_the_resolver_tells_the_way(
    runner: asyncio.Runner, live: Live, by_location: Live
) -> None:
    """The edge location is new to London's router: that it lies near Sydney only the zone's servers can tell."""
    assert live is by_location
    viewer = at("Auckland", "AKL")

    async def is_in_sydney() -> bool:
        return (await live.key("London", viewer), live.reasons["London"]) == ("sydney", "location")

    async def story() -> None:
        await live.settle()
        for kind in FATAL:
            live.there.faults.plant(kind, server="zone")
            live.wait(RETRY)
            assert await live.key("London", viewer) == "ireland", kind
            assert live.reasons["London"] != "location", kind
        live.there.faults.plant(None)
        assert await live.within_ttl(is_in_sydney)

    runner.run(story())


@pytest.mark.parametrize("server", ["zone", "resolver", None])
def test_a_place_that_had_an_answer_keeps_it_until_dns_is_back(
    server: str | None, runner: asyncio.Runner, live: Live, by_location: Live
) -> None:
    """London's router, which by itself would go to the other region, serves a viewer from far away."""
    assert live is by_location
    viewer = at("Melbourne", "MEL")

    async def is_right() -> bool:
        return await live.key("London", viewer) == live.right["Melbourne"]

    async def story() -> None:
        await live.settle()
        assert await live.within_ttl(is_right)
        live.there.faults.plant("down", server=server)
        before = await live.swap()
        live.wait(TTL)
        if server == "resolver":
            assert await live.within_ttl(is_right), "the zone's servers are known, and answer"
        else:
            assert await live.key("London", viewer) == before["Melbourne"]
        live.there.faults.plant(None)
        assert await live.within_ttl(is_right)
        assert await live.recovers()

    runner.run(story())

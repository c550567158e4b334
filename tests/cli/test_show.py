import io
import threading
from typing import Any

import pytest
from rich.console import Console

from cli import show
from cli.events import Report, Violation
from cli.outputs import serving
from cli.policies.findings import judged
from sandbox import viewer
from sandbox.folder import Daemon
from sandbox.ports import Ports
from tests.cli.policies.verdicts import UNKNOWN, VIEWS

UNJUDGED = "1 rule could not be judged before the deployment, on 2 resources"
OUTPUTS: dict[str, Any] = {
    "url": "https://global-api.example.com/graphql",
    "regions": {"virginia": "us-east-1", "ireland": "eu-west-1", "cape-town": "af-south-1"},
    "drained": [],
    "dials": {},
    "routing": "region",
    "latencyRecord": "latency-routing.example.com",
}
ROWS = [{"city": "London", "url": "https://global-api.example.localhost/graphql", "servedBy": "ireland", "dial": 100}]


def status(**changes: Any) -> str:
    out = Console(file=io.StringIO(), width=300)
    show.status(out, {**OUTPUTS, **changes}, ROWS)
    return str(out.file.getvalue())  # type: ignore[attr-defined]


def test_the_status_names_every_region() -> None:
    told = "served from virginia (us-east-1), ireland (eu-west-1), cape-town (af-south-1)\n"

    assert told in status()


def test_the_status_says_which_regions_are_drained_or_dialled_down() -> None:
    told = "served from ireland (eu-west-1, dial 40), cape-town (af-south-1)\n"

    assert told in status(drained=["virginia"], dials={"ireland": 40.0})
    assert "By the data, with every dial above 0 at 100, " in status(dials={"ireland": 40})


def test_a_region_that_nobody_gets_is_not_one_that_serves() -> None:
    told = status(drained=["virginia"], dials={"cape-town": 0.0}, writes="cape-town")

    assert "served from ireland (eu-west-1)\n" in told
    assert (
        "deployed, without viewers: virginia (us-east-1, drained), cape-town (af-south-1, dial 0, takes the writes)"
        in told
    )
    assert "By the data, all 237 cities" in told
    assert "deployed" not in status()


DAEMON = Daemon(0, 20_000, "ca.pem", ["Cape Town", "London"])


def test_dns_is_asked_for_every_edge_location_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    every = threading.Barrier(len(DAEMON.cities), timeout=30)

    def latency_key(_: Ports, city: str, record: str, _seconds: float) -> str:
        every.wait()
        return f"{record} at {city}"

    monkeypatch.setattr(viewer, "latency_key", latency_key)

    assert show.named(DAEMON, {**OUTPUTS, "latencyRecord": "r"}) == {
        "Cape Town": "r at Cape Town",
        "London": "r at London",
    }


def test_where_the_place_of_a_city_decides_dns_is_not_asked() -> None:
    assert show.named(DAEMON, {**OUTPUTS, "routing": "location"}) == {}


def test_an_edge_location_is_served_by_the_next_nearest_where_its_region_takes_no_viewers() -> None:
    def served(**changes: Any) -> list[tuple[str, float]]:
        outputs = {**OUTPUTS, **changes}
        rows = show.places(DAEMON, outputs, dict.fromkeys(DAEMON.cities, "cape-town"))
        return [(row["servedBy"], row["dial"]) for row in rows]

    assert served() == [("cape-town", 100)] * 2
    assert served(dials={"cape-town": 40.0}) == [("cape-town", 40)] * 2
    dials = {"cape-town": 0.0, "ireland": 25.0}
    assert served(dials=dials) == [("ireland", 25)] * 2
    assert served(dials=dials, routing="location") == [("ireland", 25)] * 2
    assert served(dials=dials, routing="location", router="function") == [("virginia", 100), ("ireland", 25)]


def test_the_table_says_where_a_region_takes_a_part_of_the_viewers() -> None:
    out = Console(file=io.StringIO(), width=300)

    show.status(out, {**OUTPUTS, "dials": {"ireland": 40.0}}, [{**ROWS[0], "dial": 40.0}])

    assert "ireland (dial 40)\n" in out.file.getvalue().replace(" \n", "\n")  # type: ignore[attr-defined]


def test_a_drained_region_is_near_to_nobody() -> None:
    drained = {**OUTPUTS, "drained": ["cape-town"]}

    assert serving(drained) == {"virginia": "us-east-1", "ireland": "eu-west-1"}
    assert "Cape Town, the worst" in status()
    assert "Cape Town" not in status(drained=["cape-town"])


def test_by_location_every_city_gets_its_nearest_region() -> None:
    assert "By the data, all 237 cities are served by their nearest region." in status(routing="location")


@pytest.mark.parametrize("missing", ["drained", "dials", "routing"])
def test_a_stack_that_an_older_program_deployed_can_be_shown(missing: str) -> None:
    out = Console(file=io.StringIO(), width=300)

    show.status(out, {name: value for name, value in OUTPUTS.items() if name != missing}, ROWS)


@pytest.mark.parametrize(
    ("violations", "told", "listed"),
    [
        ([], "all passed", "all passed"),
        ([VIEWS], "1 advisory", "1 advisory"),
        (
            [VIEWS, UNKNOWN],
            f"1 advisory; {UNJUDGED}: antipodes preview lists them",
            f"1 advisory; {UNJUDGED}",
        ),
    ],
)
def test_all_policies_passed_only_if_each_was_judged_and_found_nothing(
    violations: list[Violation], told: str, listed: str
) -> None:
    verdict = judged("prod", violations)

    assert show.policies(verdict) == told
    assert show.policies(verdict, listed=True) == listed


def test_a_preview_lists_what_was_found_and_what_could_not_be_judged() -> None:
    out = Console(file=io.StringIO(), width=300)
    show.plan(out, Report(), judged("prod", [VIEWS, UNKNOWN]))
    text = str(out.file.getvalue())  # type: ignore[attr-defined]

    for part in ("Fix: Do `it`.", "Distribution 'other': defaultCacheBehavior is not known yet."):
        assert part in text

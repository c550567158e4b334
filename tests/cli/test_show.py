import io
from typing import Any

import pytest
from rich.console import Console

from cli import show
from cli.outputs import serving

OUTPUTS: dict[str, Any] = {
    "url": "https://global-api.example.com/graphql",
    "regions": {"virginia": "us-east-1", "ireland": "eu-west-1", "cape-town": "af-south-1"},
    "drained": [],
    "dials": {},
    "routing": "region",
}
ROWS = [{"city": "London", "url": "https://global-api.example.localhost/graphql", "servedBy": "ireland"}]


def status(**changes: Any) -> str:
    out = Console(file=io.StringIO(), width=300)
    show.status(out, {**OUTPUTS, **changes}, ROWS)
    return str(out.file.getvalue())  # type: ignore[attr-defined]


def test_the_status_names_every_region() -> None:
    told = "served from virginia (us-east-1), ireland (eu-west-1), cape-town (af-south-1)\n"

    assert told in status()


def test_the_status_says_which_regions_are_drained_or_dialled_down() -> None:
    told = "virginia (us-east-1, drained), ireland (eu-west-1, dial 40), cape-town (af-south-1)"

    assert told in status(drained=["virginia"], dials={"ireland": 40.0})
    assert "By the data, with every dial at 100, " in status(dials={"ireland": 40})


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

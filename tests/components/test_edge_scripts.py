import json
import re
from pathlib import Path
from typing import Any

import pytest

from components import aws_regions, edge_scripts
from components.packages import PackageError
from components.topology import Topology, load
from tests.components.configs import GOOD, changed

ROOT = Path(__file__).resolve().parents[2]


def function(**changes: Any) -> Topology:
    return load(changed(GOOD, router="function", **changes))


def table_in(code: str) -> Any:
    (text,) = re.findall(r"^const TABLE = (.*);$", code, re.MULTILINE)
    return json.loads(text)


def test_the_function_has_the_routers_table_and_the_nearest_regions() -> None:
    sydney = {"region": "ap-southeast-2", "dial": 40}
    table = table_in(
        edge_scripts.router(
            ROOT, function(regions={"ireland": "eu-west-1", "sydney": sydney}, sticky="header", writes="ireland")
        )
    )
    nearest = table.pop("nearest")

    assert table == {
        "regions": {
            "ireland": {"host": "ireland-appsync.example.com"},
            "sydney": {"host": "sydney-appsync.example.com", "dial": 40},
        },
        "sticky": "header",
        "writes": "ireland",
        "diagnostics": True,
    }
    assert nearest["eu-west-2"] == "ireland sydney:40"


def test_a_drained_region_is_in_no_table_of_the_function() -> None:
    drained = {"ireland": "eu-west-1", "sydney": {"region": "ap-southeast-2", "drained": True}}

    assert "sydney" not in edge_scripts.router(ROOT, function(regions=drained))


def test_comments_are_not_deployed_and_nothing_else_is_missing() -> None:
    deployed = edge_scripts.place(ROOT).splitlines()
    written = (ROOT / "edge" / "place" / "place.js").read_text(encoding="utf-8").splitlines()

    assert [line for line in written if not line.lstrip().startswith("//")] == deployed
    assert deployed != written


def test_every_region_there_is_fits_into_the_function() -> None:
    every = {region: region for region in aws_regions.usable()}

    assert len(edge_scripts.router(ROOT, function(regions=every, home="eu-west-1")).encode()) <= edge_scripts.LIMIT


def test_a_table_that_does_not_fit_is_refused_with_its_size_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge_scripts, "LIMIT", 4000)  # the tables of all stacks that there can be fit into AWS's

    with pytest.raises(PackageError, match=r"router\.js is \d+ bytes .* at most 4000\. .* antipodes:router: lambda"):
        edge_scripts.router(ROOT, function())


def test_code_without_a_place_for_the_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "edge" / "function").mkdir(parents=True)
    (tmp_path / "edge" / "function" / "router.js").write_text("const TABLE = {};")

    with pytest.raises(PackageError, match="must have this line once"):
        edge_scripts.router(tmp_path, function())


def test_the_order_in_which_regions_are_written_does_not_change_the_function() -> None:
    turned = dict(reversed(GOOD["antipodes:regions"].items()))

    assert edge_scripts.router(ROOT, function(regions=turned)) == edge_scripts.router(ROOT, function())

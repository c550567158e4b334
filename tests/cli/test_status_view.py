import io
import json
from collections.abc import Mapping
from dataclasses import replace

from rich.console import Console

from cli import status_view
from ops.health import HEALTHY, UNHEALTHY, UNREACHABLE, Health
from ops.journal import BEGUN, DONE, Entry
from ops.rotation import Place
from ops.status import Region, Status

GOOD = Health(HEALTHY, {"tables": "ok", "stream": "unknown"}, "0123456789abcdef")
BAD = Health(UNHEALTHY, {"tables": "failed"}, "ffff", "tables failed")
IRELAND = Region("eu-west-1", Place(GOOD, 25.0), 90, 0.75, None)
SYDNEY = Region("ap-southeast-2", Place(Health(UNREACHABLE, why="timed out"), alarms=None))
SICK = Region("ap-southeast-2", Place(BAD, alarms=("errors",), heeded=("errors",)), 30, 0.25, 0.8)
DRAIN = Entry("operation/2", "drain", "sydney", "arn:me", "2026-11-21T12:00:00.000Z", BEGUN)


def status(regions: Mapping[str, Region], *operations: Entry) -> Status:
    return Status(regions, by_dns=True, operations=operations)


def shown(of: Status) -> list[str]:
    out = Console(file=io.StringIO(), width=300)
    status_view.warning(out, of)
    status_view.regions(out, of, GOOD.version)
    status_view.operations(out, of)
    return [line.rstrip() for line in out.file.getvalue().splitlines()]  # type: ignore[attr-defined]


def test_a_region_has_a_line_and_below_the_table_what_is_wrong_with_it():
    lines = shown(status({"ireland": IRELAND, "sydney": SYDNEY, "tokyo": SICK}))

    (ireland,) = (" ".join(line.split()) for line in lines if line.startswith("ireland"))
    assert ireland == "ireland eu-west-1 dialled 25 % tables ok, stream unknown 90 (75%) - 0123456789ab"
    assert "sydney: unreachable (timed out)" in lines
    assert "tokyo: unhealthy (tables failed)" in lines
    assert "tokyo: alarms raised: errors" in lines
    assert any("ffff, not 0123456789ab" in line for line in lines)
    assert not any("FAIL OPEN" in line for line in lines)


def test_nobody_overlooks_that_route_53_fails_open():
    of = status({"ireland": replace(IRELAND, place=Place(BAD)), "sydney": SYDNEY})

    assert shown(of)[0].startswith("FAIL OPEN: no region is healthy.")
    assert [region["state"] for region in status_view.document(of, None)["state"].values()] == ["fail-open"] * 2
    assert status_view.document(of, None)["failOpen"] is True


def test_an_operation_that_nobody_finished_is_told_apart():
    lines = shown(status({"ireland": IRELAND}, DRAIN, replace(DRAIN, id="operation/1", region="ireland", outcome=DONE)))

    assert any("under way, or cut off" in line for line in lines)
    (unfinished,) = (line for line in lines if line.startswith("Unfinished"))
    assert unfinished.startswith(
        "Unfinished since 2026-11-21T12:00:00.000Z: antipodes drain sydney. If nobody is at it"
    )


def test_what_no_region_told_is_not_taken_for_nothing():
    of = Status({"ireland": IRELAND}, by_dns=True, operations=None)

    assert "No region told in time what was last done." in shown(of)
    assert status_view.document(of, None)["operations"] is None


def test_a_script_gets_all_of_it():
    document = json.loads(json.dumps(status_view.document(status({"tokyo": SICK}, DRAIN), "v1")))

    assert document["unfinished"] == ["operation/2"]
    assert document["state"]["tokyo"] == {
        "region": "ap-southeast-2",
        "state": "fail-open",
        "health": "unhealthy",
        "why": "tables failed",
        "parts": {"tables": "failed"},
        "drained": False,
        "dial": 100,
        "alarms": ["errors"],
        "requests": 30,
        "trafficShare": 0.25,
        "lagSeconds": 0.8,
        "version": "ffff",
    }

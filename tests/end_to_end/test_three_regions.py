"""A stack of three regions: one dies and nobody has to do anything; an operator moves traffic, and nobody notices, all
under load; at last it is destroyed, which leaves what AWS keeps for some hours, and a sweep removes that then.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import urllib3

from ops.edge_functions import log_group
from tests.end_to_end.checkout import Checkout
from tests.end_to_end.incident import Incident, Scene, scene
from tests.end_to_end.killing import killed

pytestmark = pytest.mark.end_to_end

REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "tokyo": "ap-northeast-1"}
SCALE = 3.0  # a machine that is busy is not three times as quick to answer health checks
PAUSE = 1.0  # seconds between two requests of a reader
# Simulated seconds: the budget of the fast mode is 40, and this machine may be a busy one.
PATIENCE = 300.0
DOWN = ("down", "--keep-sandbox")
HOURS = 3600


@pytest.fixture(scope="module")
def deployed(checkout: Checkout) -> Checkout:
    checkout.set_config(regions=REGIONS, failover="fast")
    checkout.done("up")
    return checkout


def under_load(checkout: Checkout, story: Callable[[Scene], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with scene(checkout, SCALE, PAUSE) as there:
            return await story(there)

    return asyncio.run(run())


async def command(there: Scene, *arguments: str) -> tuple[int, str]:
    """A finished command's exit code, and all that it said."""
    done = await asyncio.to_thread(there.checkout.run, *arguments)
    return done.returncode, done.stdout + done.stderr


async def restore(there: Scene, key: str) -> None:
    """A region of a busy machine may be too slow to be restored at the first try."""
    said = ""
    for _ in range(5):
        code, said = await command(there, "restore", key, "--yes")
        if code == 0:
            return
    raise AssertionError(said)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"kind": "region-down", "region": "eu-west-1"}, id="dead"),
        pytest.param(
            {"kind": "table-lost", "region": "eu-west-1", "table": "example.localhost.events"}, id="half dead"
        ),
    ],
)
def test_a_region_that_fails_leaves_rotation_and_comes_back_without_a_lost_write(
    fault: dict[str, Any], deployed: Checkout
):
    async def story(there: Scene) -> Incident:
        return await there.suffer("", fault, "ireland", leaves=True, seconds=PATIENCE)

    incident = under_load(deployed, story)

    assert incident.failed > 0, "the fault was none"
    assert incident.written > 0
    assert incident.lost == 0
    assert incident.told
    assert incident.failed_back == 0


def test_while_all_regions_say_that_they_are_unhealthy_traffic_flows_and_status_says_so(deployed: Checkout):
    async def story(there: Scene) -> tuple[Incident, dict[str, Any]]:
        for key, region in REGIONS.items():
            health = there.outputs["functions"][key]["health"]
            await there.controls.put("faults", kind="function-failing", region=region, function=health)
        for key in REGIONS:
            await there.until_healthy(key, healthy=False, seconds=PATIENCE)
        status = await asyncio.to_thread(there.checkout.json, "status")
        # For longer than a router remembers what DNS said while there were healthy regions.
        more = {"kind": "control-plane-down"}
        return await there.suffer("", more, "ireland", leaves=False, seconds=PATIENCE, lasts=25), status

    incident, status = under_load(deployed, story)

    assert status["failOpen"] is True
    assert incident.failed == 0
    assert incident.requests > 0


def test_a_drain_fails_no_request_also_while_route_53_takes_no_changes_and_the_last_region_is_not_drained(
    deployed: Checkout,
):
    async def story(there: Scene) -> None:
        await there.controls.put("faults", kind="control-plane-down", service="route53")
        for key in ("ireland", "sydney"):
            code, said = await command(there, "drain", key, "--yes")
            assert code == 0, said
        code, said = await command(there, "drain", "tokyo", "--yes")
        assert (code, "no other region could serve its viewers" in said) == (1, True), said
        await there.served_by("tokyo", PATIENCE)
        for key in ("ireland", "sydney"):
            await restore(there, key)
        await there.served_by("ireland", PATIENCE)
        await there.is_unharmed()

    under_load(deployed, story)


def test_an_evacuation_moves_requests_and_subscribers_and_fails_none(deployed: Checkout):
    async def story(there: Scene) -> None:
        before = {each.city: each.connections for each in there.drill.listeners}
        code, said = await command(there, "evacuate", "ireland", "--yes")
        assert code == 0, said
        assert any(each.connections > before[each.city] for each in there.drill.listeners)
        await restore(there, "ireland")
        await there.is_unharmed()

    under_load(deployed, story)


@pytest.fixture(scope="module")
def function(deployed: Checkout) -> str:
    """The router's function, all else having been destroyed, not without trouble."""
    name: str = deployed.json("status")["edgeRouter"]["function"]
    assert killed(deployed, *DOWN, when=lambda resources: 0 < resources < 150)
    assert deployed.json(*DOWN)["left"] == []
    return name


def later(checkout: Checkout, hours: float) -> None:
    """Puts the sandbox's clock ahead."""
    url = f"http://127.0.0.1:{checkout.port}/_sandbox/clock"
    assert urllib3.request("PUT", url, json={"ahead": hours * HOURS}).status == 200


def swept(checkout: Checkout) -> Any:
    return checkout.json("sweep", "--yes")


def test_a_destroy_that_was_killed_and_repeated_leaves_the_routers_function_and_nothing_else(
    checkout: Checkout, function: str
):
    assert checkout.resources() == [f"lambda us-east-1: {function}"]
    again = checkout.json(*DOWN)
    assert again == {"changes": {}, "left": [], "retained": [function]}


def test_a_sweep_removes_what_is_left_once_aws_lets_it(checkout: Checkout, function: str):
    early = swept(checkout)
    assert early["done"] == []
    assert early["left"][0].startswith(f"CloudFront still has replicas of {function}: ")

    # A replica that lingers makes its logs anew.
    checkout.aws("logs", "eu-west-2").create_log_group(logGroupName=log_group(function))
    later(checkout, 3)
    assert len(swept(checkout)["done"]) == 2
    assert checkout.resources() == []

    nothing = swept(checkout)
    assert (nothing["steps"], nothing["done"], nothing["left"]) == ([], [], [])

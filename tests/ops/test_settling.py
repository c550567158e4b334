from dataclasses import replace

import pytest

from ops import drain_switch, waiting
from ops.deployment import Deployment
from ops.settling import Settled, settle
from tests.ops import world as outside
from tests.ops.world import World, without_route53

world = outside.world
BOTH = Settled(("ireland", "sydney"))


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test that waits to no purpose."""
    monkeypatch.setattr(waiting, "_FOR_ANSWERS", 0.5)


def test_it_waits_until_route_53s_checkers_have_made_up_their_minds(world: tuple[World, Deployment]):
    there, deployment = world
    there.unreported = 5

    assert settle(deployment) == BOTH
    assert there.unreported == 0


def test_every_region_of_which_none_is_well_yet_is_named_and_that_does_not_count(
    world: tuple[World, Deployment], hasty: None
):
    there, deployment = world
    there.failed = {"ireland": "api", "sydney": "tables"}
    there.stuck = True

    assert settle(deployment).missing == {
        "ireland": "unhealthy (api failed)",
        "sydney": "unhealthy (tables failed)",
    }


def test_a_region_that_stays_out_of_rotation_is_told_with_the_reason(world: tuple[World, Deployment], hasty: None):
    there, deployment = world
    there.failed = {"sydney": "tables"}

    assert settle(deployment) == Settled(("ireland",), {"sydney": "unhealthy (tables failed)"})


def test_a_region_that_is_drained_is_not_waited_for(world: tuple[World, Deployment]):
    _, deployment = world
    drain_switch.write(deployment, "sydney", ["ireland"], drained=True, by="me", at="now")

    assert settle(deployment) == Settled(("ireland",))
    by_config = replace(deployment, outputs={**deployment.outputs, "drained": ["ireland"]})
    assert settle(by_config) == Settled()


def test_without_route_53s_api_dns_tells_alone(world: tuple[World, Deployment]):
    assert settle(without_route53(world[1])) == BOTH


def test_a_zone_that_nobody_answers_for_is_not_waited_for(world: tuple[World, Deployment]):
    there, deployment = world
    there.deaf = {"ireland", "sydney"}

    told = f"nobody answers for {deployment.outputs['latencyRecord']}"
    assert settle(deployment) == Settled(missing={"ireland": told, "sydney": told})


def test_where_no_router_asks_dns_there_is_nothing_to_wait_for(world: tuple[World, Deployment]):
    outputs = {name: value for name, value in world[1].outputs.items() if name != "healthChecks"}

    assert settle(replace(world[1], outputs=outputs)) == Settled()

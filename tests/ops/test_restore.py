from dataclasses import replace

import pytest

from ops import drain_switch, journal, restore, switching
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.health import HEALTHY, Health
from ops.plan import Plan
from ops.rotation import Place, Rotation
from ops.switching import Found
from tests.ops import world as outside
from tests.ops.conftest import unreachable, without
from tests.ops.world import World

world = outside.world
SERVING = Place(Health(HEALTHY))


@pytest.fixture
def drained(world: tuple[World, Deployment]) -> tuple[World, Deployment]:
    """The world with sydney drained."""
    drain_switch.write(world[1], "sydney", ["ireland"], drained=True, by="me", at="now")
    return world


def planned(stack: Deployment, key: str = "sydney") -> Plan:
    return restore.plan(stack, key, switching.look(stack, restore.WHAT, key))


def restored(stack: Deployment, key: str = "sydney", found: Found | None = None) -> list[str]:
    """Restores, and what is said meanwhile."""
    said: list[str] = []
    found = found or switching.look(stack, restore.WHAT, key)
    assert restore.plan(stack, key, found).is_needed
    with journal.recorded(stack, restore.WHAT, key, tell=said.append) as record:
        restore.act(stack, key, found, record)
    return said


def test_a_restored_region_is_named_again(drained: tuple[World, Deployment]):
    out_there, stack = drained
    assert out_there.named("198.18.1.0") == "ireland"
    assert planned(stack) == Plan(
        "restore sydney",
        ("ireland: serving", "sydney: drained"),
        ("Write in ireland that sydney is not drained.", "Wait until DNS names sydney again; within 100 s."),
    )

    assert restored(stack) == [
        "ireland says that sydney is not drained.",
        "The health endpoints that Route 53's checkers ask say that sydney is not drained.",
        "Route 53's checkers see that sydney is not drained.",
        "DNS names sydney again, asked as in ireland, sydney.",
    ]
    assert out_there.named("198.18.1.0") == "sydney"
    assert drain_switch.held(stack) == {"ireland": {"sydney": False}, "sydney": {"ireland": False}}


def test_to_restore_again_is_nothing_to_do(drained: tuple[World, Deployment]):
    restored(drained[1])

    assert planned(drained[1]).found[-1] == "No region that answers says that sydney is drained."
    assert not planned(drained[1]).is_needed


def test_a_region_that_was_never_drained_needs_no_health_to_stay_so(world: tuple[World, Deployment]):
    world[0].failed["sydney"] = "api"

    assert not planned(world[1]).is_needed


def test_where_nobody_says_whether_a_region_is_drained_that_is_no_success(drained: tuple[World, Deployment]):
    stack = without(drained[1], "eu-west-1")

    with pytest.raises(OperationError, match=r"None of the regions that are asked .* answers: ireland\. Nothing was"):
        planned(stack)


def test_an_unhealthy_region_is_not_restored(drained: tuple[World, Deployment]):
    drained[0].failed["sydney"] = "api"

    with pytest.raises(OperationError, match=r"it is unhealthy \(api failed\).*Mend it first"):
        planned(drained[1])


def test_a_region_that_does_not_answer_is_not_restored(drained: tuple[World, Deployment]):
    drained[0].down.add("sydney")

    with pytest.raises(OperationError, match="it is unreachable"):
        planned(drained[1])


def test_a_region_whose_holder_does_not_take_it_stays_drained(drained: tuple[World, Deployment]):
    out_there, stack = drained
    found = switching.look(stack, restore.WHAT, "sydney")

    with pytest.raises(OperationError, match="sydney is still drained: ireland say so"):
        restored(without(stack, "eu-west-1"), found=found)
    assert out_there.drained("sydney", "ireland")


def test_a_restore_that_dns_does_not_follow_is_told(drained: tuple[World, Deployment], monkeypatch: pytest.MonkeyPatch):
    out_there, stack = drained
    monkeypatch.setattr("ops.waiting._FOR_ANSWERS", 0.0)
    found = switching.look(stack, restore.WHAT, "sydney")
    out_there.failed["sydney"] = "api"

    with pytest.raises(OperationError, match="DNS does not name sydney yet, asked as in ireland, sydney"):
        restored(stack, found=found)


@pytest.mark.parametrize(
    ("data", "later"),
    [("replicated", "Replication brings it to sydney"), ("regional", "Its table is its own: run the same command")],
)
def test_what_could_not_be_told_to_a_region_is_said_with_what_becomes_of_it(
    world: tuple[World, Deployment], data: str, later: str
):
    _, stack = world
    drain_switch.write(stack, "ireland", ["sydney"], drained=True, by="me", at="now")
    stack = replace(stack, outputs={**stack.outputs, "data": data})
    said: list[str] = []

    with journal.recorded(stack, restore.WHAT, "ireland", tell=said.append) as record:
        written = switching.write(without(stack, "ap-southeast-2"), "ireland", ["sydney"], record, drained=False)

    assert written["sydney"]
    assert later in said[0]


def plan_of(place: Place, held: dict[str, dict[str, bool] | None]) -> Plan:
    """The plan to restore sydney, of which the others say this."""
    stack = unreachable({"regions": dict.fromkeys(("sydney", *held), "x"), "failover": {"seconds": 40}})
    return restore.plan(
        stack, "sydney", Found(Rotation({"sydney": place}, {"sydney": {}, **held}), {}, unfinished=False)
    )


def test_a_region_that_does_not_say_is_told_too():
    plan = plan_of(SERVING, {"ireland": {"sydney": True}, "tokyo": None, "virginia": {"sydney": False}})

    assert "tokyo does not say whether sydney is drained." in plan.found
    assert plan.steps[:-1] == (
        "Write in ireland that sydney is not drained.",
        "Write in tokyo that sydney is not drained.",
    )


def test_a_region_that_the_config_drains_too_is_not_waited_for():
    plan = plan_of(replace(SERVING, configured_out=True), {"ireland": {"sydney": True}})

    assert plan.steps == ("Write in ireland that sydney is not drained.",)
    assert any("take its drained: true out" in fact for fact in plan.found)

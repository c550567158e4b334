import re
from dataclasses import replace
from typing import Any

import pytest

from ops import drain, journal, switching
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.health import HEALTHY, UNHEALTHY, Health
from ops.journal import DONE, FAILED
from ops.plan import Plan
from ops.rotation import Place, Rotation
from ops.switching import Found
from tests.ops import world as outside
from tests.ops.conftest import unreachable, without
from tests.ops.world import World

world = outside.world
SERVING = Place(Health(HEALTHY))
SICK = Place(Health(UNHEALTHY, {"tables": "failed"}, why="tables failed"))


def planned(stack: Deployment, key: str = "sydney") -> Plan:
    return drain.plan(stack, key, switching.look(stack, drain.WHAT, key))


def drained(stack: Deployment, key: str = "sydney") -> list[str]:
    """Drains, and what is said meanwhile."""
    said: list[str] = []
    found = switching.look(stack, drain.WHAT, key)
    assert drain.plan(stack, key, found).is_needed
    with journal.recorded(stack, drain.WHAT, key, tell=said.append) as record:
        drain.act(stack, key, found, record)
    return said


def test_a_drained_region_is_named_to_nobody_any_more(world: tuple[World, Deployment]):
    out_there, stack = world
    assert planned(stack) == Plan(
        "drain sydney",
        ("ireland: serving", "sydney: serving"),
        ("Write in ireland that sydney is drained.", "Wait until DNS no longer names sydney; within 100 s."),
    )

    assert drained(stack) == [
        "ireland says that sydney is drained.",
        "The health endpoints that Route 53's checkers ask say that sydney is drained.",
        "Route 53's checkers see that sydney is drained.",
        "DNS no longer names sydney, asked as in ireland, sydney; who heard it before forgets it within 60 s.",
    ]
    assert out_there.switches("sydney") == {"ireland": True}
    assert out_there.named("198.18.1.0") == "ireland"


def test_to_drain_again_is_nothing_to_do(world: tuple[World, Deployment]):
    _, stack = world
    drained(stack)

    again = planned(stack)

    assert not again.is_needed
    assert "sydney: drained" in again.found


def test_a_region_that_is_down_can_be_drained(world: tuple[World, Deployment]):
    out_there, stack = world
    stack = outside.part_down(out_there, stack, "sydney")

    assert any(fact.startswith("sydney: unreachable") for fact in planned(stack).found)
    drained(stack)
    assert out_there.drained("sydney", "ireland")


def test_a_region_can_be_drained_while_the_api_of_route_53_is_down(world: tuple[World, Deployment]):
    _, stack = world

    said = drained(outside.without_route53(stack))

    assert any(
        re.match(r"Not confirmed by Route 53's checkers, as its API does not answer \(.+\); DNS", s) for s in said
    )
    assert said[-1].startswith("DNS no longer names sydney")


def test_the_last_healthy_region_is_not_drained(world: tuple[World, Deployment]):
    out_there, stack = world
    out_there.failed["ireland"] = "tables"

    with pytest.raises(OperationError, match=r"ireland is unhealthy \(tables failed\)\. Mend ireland"):
        planned(stack)


def test_the_other_of_two_is_not_drained_when_one_is(world: tuple[World, Deployment]):
    _, stack = world
    drained(stack)

    with pytest.raises(OperationError, match=r"sydney is drained\. Run antipodes restore sydney\."):
        planned(stack, "ireland")


def test_of_two_who_drain_the_last_two_regions_at_once_the_later_stands_back(world: tuple[World, Deployment]):
    out_there, stack = world
    both_serve = switching.look(stack, drain.WHAT, "ireland")
    drained(stack, "sydney")
    said: list[str] = []

    with (
        pytest.raises(OperationError, match=r"ireland is not drained: .* sydney is drained\. Run antipodes restore s"),
        journal.recorded(stack, drain.WHAT, "ireland", tell=said.append) as record,
    ):
        drain.act(stack, "ireland", both_serve, record)

    assert out_there.switches("ireland") == {"sydney": False}
    assert said == ["sydney says that ireland is drained.", "sydney says that ireland is not drained."]


def test_what_could_not_be_written_anywhere_drains_nothing(world: tuple[World, Deployment]):
    _, stack = world

    with pytest.raises(OperationError, match="None of the regions that are asked whether sydney is drained took it"):
        drained(without(stack, "eu-west-1"))


def test_an_unfinished_drain_is_taken_up_where_it_stopped(world: tuple[World, Deployment]):
    out_there, stack = world
    out_there.stuck = True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ops.waiting._FOR_ANSWERS", 0.0)
        with pytest.raises(OperationError, match=r"after 100 s DNS still names sydney, asked as in sydney"):
            drained(stack)
    out_there.stuck = False
    assert [entry.outcome for entry in journal.entries(stack)] == [FAILED]

    assert planned(stack).steps == ("Wait until DNS no longer names sydney; within 100 s.",)
    drained(stack)

    assert [entry.outcome for entry in journal.entries(stack)] == [DONE, FAILED]
    assert not planned(stack).is_needed


def test_what_dns_could_not_be_asked_is_said(world: tuple[World, Deployment]):
    out_there, stack = world
    out_there.deaf = {"ireland"}

    assert drained(stack)[-1] == "Not confirmed: what DNS answers as in ireland, where nobody answered."


def test_a_drain_is_not_confirmed_where_nobody_answers(
    world: tuple[World, Deployment], monkeypatch: pytest.MonkeyPatch
):
    out_there, stack = world
    out_there.deaf = {"ireland", "sydney"}
    monkeypatch.setattr("ops.waiting._FOR_ANSWERS", 0.0)

    with pytest.raises(OperationError, match="nobody answers for latency-routing"):
        drained(stack)


def test_an_unknown_region_is_refused_with_those_that_there_are(world: tuple[World, Deployment]):
    with pytest.raises(OperationError, match=r"'sidney' is no region of this stack\. .*: ireland, sydney\."):
        planned(world[1], "sidney")


def test_a_stack_whose_edge_asks_no_dns_is_sent_to_shift_which_leaves_two_regions_some_viewers(
    world: tuple[World, Deployment],
):
    stack = replace(world[1], outputs={**world[1].outputs, "router": "function"})

    with pytest.raises(OperationError, match=r"antipodes shift KEY --to 1;"):
        planned(stack)


def test_a_stack_of_an_older_version_is_to_be_deployed_first(world: tuple[World, Deployment]):
    outputs = {name: value for name, value in world[1].outputs.items() if name != "health"}

    with pytest.raises(OperationError, match=r"no output 'health'.*antipodes up"):
        planned(replace(world[1], outputs=outputs))


def three(others: dict[str, Place], **outputs: Any) -> Plan:
    """The plan to drain a healthy ireland, with these other regions, none of which says anything of a drain."""
    regions = dict.fromkeys(("ireland", *others), "eu-west-1")
    rotation = Rotation({"ireland": SERVING, **others}, {key: dict.fromkeys(regions, False) for key in regions})
    told = {"regions": regions, "failover": {"seconds": 100}, **outputs}
    return drain.plan(unreachable(told), "ireland", Found(rotation, {}, unfinished=False))


@pytest.mark.parametrize(
    ("others", "remedy"),
    [
        ({}, "Add a region"),
        ({"sydney": SICK}, "Mend sydney"),
        (
            {"sydney": replace(SERVING, alarms=("errors",), heeded=("errors",))},
            r"alarms raised: errors\)\. Mend sydney",
        ),
        ({"sydney": replace(SERVING, drained=True), "tokyo": SICK}, r"antipodes restore sydney\. Mend tokyo"),
        ({"sydney": replace(SERVING, configured_out=True)}, "Take drained: true of sydney out"),
        ({"sydney": replace(SERVING, dial=0.0)}, "antipodes shift sydney --to 100"),
    ],
)
def test_nobody_but_regions_that_take_viewers_stands_in_for_a_drained_one(others: dict[str, Place], remedy: str):
    with pytest.raises(OperationError, match=remedy):
        three(others)


def test_one_region_that_takes_a_part_of_its_viewers_is_enough():
    plan = three({"sydney": SICK, "tokyo": replace(SERVING, dial=10.0)})

    assert plan.found == ("ireland: serving", "sydney: unhealthy (tables failed)", "tokyo: dialled to 10 %")
    assert plan.steps[:2] == ("Write in sydney that ireland is drained.", "Write in tokyo that ireland is drained.")


def test_an_alarm_that_route_53_does_not_heed_keeps_no_region_from_standing_in():
    assert three({"sydney": replace(SERVING, alarms=("throttles",), heeded=("errors",))}).is_needed


def test_who_drains_the_region_that_takes_the_writes_is_told_that_these_stay():
    assert any("the edge sends all writes there" in fact for fact in three({"sydney": SERVING}, writes="ireland").found)


def test_a_region_that_the_config_drains_is_drained_already():
    rotation = Rotation({"ireland": replace(SERVING, configured_out=True), "sydney": SERVING}, {})

    assert not drain.plan(unreachable({}), "ireland", Found(rotation, {}, unfinished=False)).is_needed

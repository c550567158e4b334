from typing import Any

import pytest

from cli.errors import CommandError
from cli.events import Report
from cli.losses import refuse_losses
from cli.new_regions import early_requests

AWS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "tokyo": "ap-northeast-1", "london": "eu-west-2"}


def told(*keys: str, drained: tuple[str, ...] = (), **others: Any) -> dict[str, Any]:
    """The outputs of a stack with these regions."""
    return {
        "regions": {key: AWS[key] for key in keys},
        "drained": [*drained],
        "dials": {},
        "router": "lambda",
        **others,
    }


TWO = told("ireland", "sydney")
THREE = ("ireland", "sydney", "tokyo")
STORE = {"router": "function"}


def problems(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [*early_requests(Report(outputs_before=before, outputs=after))]


def test_a_new_region_that_would_take_the_writes_at_once_is_refused_with_the_way_round_it():
    with pytest.raises(CommandError) as caught:
        refuse_losses(Report(outputs_before=TWO, outputs=told(*THREE, writes="tokyo")))

    assert str(caught.value) == (
        "tokyo is new, and antipodes:writes names it: the edge would send it all writes before its API, tables and "
        "token are there. Leave antipodes:writes as it was and run antipodes up; then name tokyo there and run "
        "antipodes up again."
    )


@pytest.mark.parametrize("before", [{}, {"sydney": 40}], ids=["at the same time", "already"])
def test_a_new_region_that_would_take_what_a_dial_passes_on_is_refused_with_the_way_round_it(before: dict[str, int]):
    [said] = problems(TWO | {"dials": before}, told(*THREE, dials={"sydney": 40}))

    assert said == (
        "tokyo is new, and sydney goes by dial: 40 meanwhile: the edge would send it viewers whom that passes on "
        "before its API, tables and token are there. Write drained: true for tokyo and run antipodes up; then take "
        "that line away and run antipodes up again."
    )


def test_the_way_round_it_passes_in_both_its_steps():
    first = told(*THREE, drained=("tokyo",), dials={"sydney": 40})

    assert not problems(TWO, first)
    assert not problems(first, told(*THREE, dials={"sydney": 40}))


def test_dials_that_pass_nobody_on_to_the_new_region_pass():
    assert not problems(TWO, told(*THREE, dials={"tokyo": 10}))
    assert not problems(TWO, told(*THREE, dials={"sydney": 40, "tokyo": 0}))
    assert not problems(TWO | {"dials": {"sydney": 40}}, told(*THREE))


def test_each_of_two_new_regions_might_get_what_the_others_dial_passes_on():
    [said] = problems(told("ireland"), told(*THREE, dials={"tokyo": 10}))

    assert said.startswith("sydney is new, and tokyo goes by dial: 10 meanwhile:")


@pytest.mark.parametrize(
    "after",
    [told("london", "sydney"), told("ireland", "sydney", "london", drained=("ireland",))],
    ids=["leaves", "is drained"],
)
def test_a_new_region_that_would_take_the_viewers_of_one_that_goes_is_refused(after: dict[str, Any]):
    [said] = problems(TWO, after)

    assert said.startswith("london is new, and ireland would get no requests any more: the edge would send it some of")
    assert "Leave ireland as before and run antipodes up; then make that change and run" in said


def test_the_function_goes_by_what_its_store_has_of_old():
    before = TWO | STORE
    dialled = before | {"dials": {"sydney": 40}}

    assert not problems(before, told(*THREE, dials={"sydney": 40}) | STORE)
    assert not problems(before, told("london", "sydney") | STORE)
    assert not problems(dialled, told(*THREE, drained=("sydney",), dials={"sydney": 40}) | STORE)
    [said] = problems(dialled, told(*THREE) | STORE)
    assert said.startswith("tokyo is new, and sydney goes by dial: 40 meanwhile:")


def test_a_store_that_is_empty_or_tells_of_none_that_stays_does_not():
    [changed] = problems(TWO, told(*THREE) | STORE)
    [gone] = problems(TWO | STORE, told("tokyo", "london", dials={"tokyo": 1}) | STORE)[:1]

    assert "antipodes:router would change to function, whose store is still empty then: the edge would" in changed
    assert "Leave antipodes:router as it was" in changed
    assert gone.startswith("tokyo is new, and ireland, sydney would get no requests any more:")


@pytest.mark.parametrize("router", ["lambda", "function"])
def test_a_region_comes_and_goes_and_a_stack_changes_its_ways(router: str):
    two, three = TWO | {"router": router}, told(*THREE) | {"router": router}

    assert not problems(two, three)
    assert not problems(three, two)
    assert not problems(three, two | {"writes": "sydney", "dials": {"sydney": 40}})
    assert not problems(three | STORE, told(*THREE))
    assert not problems(three, told(*THREE) | STORE)
    assert not problems(two | STORE, told(*THREE))


def test_nobody_sends_requests_to_a_stack_that_is_not_up_yet():
    assert not problems({}, told(*THREE, writes="tokyo", dials={"sydney": 40}))


def test_a_stack_that_an_earlier_release_deployed_told_less():
    before = {"regions": {key: AWS[key] for key in ("ireland", "sydney")}}

    assert not problems(before, told(*THREE))
    assert problems(before, told(*THREE, dials={"sydney": 40}))

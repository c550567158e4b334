"""Each rule on how the edge picks a region: what it refuses, and that following its advice mends the config."""

from typing import Any

import pytest
import yaml

from components.config_rules import problems
from tests.components.configs import GOOD, changed, only_problem

DRAINED = {"region": "ap-southeast-2", "drained": True}


@pytest.mark.parametrize("off", [{"drained": True}, {"dial": 0}, {"drained": "true", "dial": "40"}])
def test_a_stack_in_which_no_region_takes_requests_is_refused(off: dict[str, Any]) -> None:
    regions = {"ireland": {"region": "eu-west-1", **off}, "sydney": {"region": "ap-southeast-2", "dial": 0}}
    problem = only_problem(GOOD, regions=regions)

    assert (problem.key, problem.value) == ("antipodes:regions", regions)
    mended = yaml.safe_load(problem.yaml)["antipodes:regions"]
    assert problems(changed(GOOD, regions={**regions, **mended})) == []


def test_one_region_that_takes_requests_is_enough() -> None:
    assert problems(changed(GOOD, regions={"ireland": {"region": "eu-west-1", "dial": 1}, "sydney": DRAINED})) == []


def test_a_drained_home_still_owns_the_tables() -> None:
    assert problems(changed(GOOD, home="sydney", regions={"ireland": "eu-west-1", "sydney": DRAINED})) == []


def test_writes_go_to_a_region_of_the_stack() -> None:
    assert problems(changed(GOOD, writes="sydney")) == []
    assert (
        problems(
            changed(
                GOOD,
                writes="sydney",
                regions={"ireland": "eu-west-1", "sydney": {**DRAINED, "drained": False, "dial": 0}},
            )
        )
        == []
    )


@pytest.mark.parametrize("writes", [None, ""])
def test_a_writer_that_is_not_named_is_advised_away(writes: object) -> None:
    (problem,) = problems({**GOOD, "antipodes:writes": writes})

    assert problem.yaml == "# remove the line antipodes:writes"


@pytest.mark.parametrize("writes", ["sidney", "ap-southeast-2", 7, True, ["sydney"], {"sydney": "x"}])
def test_a_writer_that_is_no_region_of_the_stack_is_refused_with_one_that_is(writes: object) -> None:
    problem = only_problem(GOOD, writes=writes)

    assert (problem.key, problem.value) == ("antipodes:writes", writes)
    assert problem.valid.startswith("ireland, sydney; ")
    assert problems({**GOOD, **yaml.safe_load(problem.yaml)}) == []


def test_a_misspelt_writer_is_refused_with_the_right_spelling() -> None:
    assert yaml.safe_load(only_problem(GOOD, writes="sidney").yaml) == {"antipodes:writes": "sydney"}


def test_a_drained_region_takes_no_writes() -> None:
    problem = only_problem(GOOD, writes="sydney", regions={"ireland": "eu-west-1", "sydney": DRAINED})

    assert (problem.value, "is drained" in problem.rule) == ("sydney", True)
    assert yaml.safe_load(problem.yaml) == {"antipodes:writes": "ireland"}


@pytest.mark.parametrize("failover", ["default", "fast"])
def test_where_nobody_asks_dns_there_is_no_failover_to_choose(failover: str) -> None:
    problem = only_problem(GOOD, router="function", failover=failover)

    assert (problem.key, problem.value) == ("antipodes:failover", failover)
    assert problem.yaml == "# remove the line antipodes:failover"
    assert problems(changed(GOOD, router="lambda", failover=failover)) == []


@pytest.mark.parametrize("routing", ["region", "location"])
def test_the_cloudfront_function_leaves_no_routing_to_choose(routing: str) -> None:
    problem = only_problem(GOOD, router="function", routing=routing)

    assert problem.key == "antipodes:routing"
    assert problem.yaml == "# remove the line antipodes:routing"
    assert problems(changed(GOOD, router="function")) == []
    assert problems(changed(GOOD, router="lambda", routing=routing)) == []

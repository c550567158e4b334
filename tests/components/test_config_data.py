"""Each rule on where rows live: what it refuses, what it says, and that following its advice mends the config."""

from itertools import chain, combinations
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components import aws_regions
from components.config_error import MISSING
from components.config_rules import problems
from tests.components.configs import ANYTHING, GOOD, REGIONAL, changed, only_problem

EUROPE = {"ireland": "eu-west-1", "london": "eu-west-2", "paris": "eu-west-3"}


def strong(regions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return changed(GOOD, regions=regions, consistency="strong", **changes)


def test_data_is_replicated_unless_the_config_says_otherwise() -> None:
    assert problems(changed(GOOD, data="replicated")) == problems(GOOD) == []
    assert only_problem(GOOD, home=None).key == "antipodes:home"


def test_regional_data_has_no_home() -> None:
    problem = only_problem(REGIONAL, home="ireland")

    assert (problem.key, problem.value) == ("antipodes:home", "ireland")
    assert "remove the line antipodes:home" in problem.yaml
    assert problems(REGIONAL) == []


def test_replicated_data_needs_a_home_and_is_offered_one_of_its_regions() -> None:
    problem = only_problem(GOOD, home=None, regions={"sydney": "ap-southeast-2", "tokyo": "ap-northeast-1"})

    assert problem.value is MISSING
    assert problem.valid == "sydney, tokyo"
    assert yaml.safe_load(problem.yaml) == {"antipodes:home": "sydney"}


def test_a_misspelt_home_is_refused_with_the_right_spelling() -> None:
    assert yaml.safe_load(only_problem(GOOD, home="sidney").yaml) == {"antipodes:home": "sydney"}


@pytest.mark.parametrize("home", ["eu-west-1", "", 7, ["ireland"], {"ireland": "eu-west-1"}])
def test_a_home_is_a_key_and_nothing_else(home: object) -> None:
    assert only_problem(GOOD, home=home).value == home


def test_a_home_that_is_the_region_of_a_key_is_refused_with_the_key() -> None:
    assert yaml.safe_load(only_problem(GOOD, home="ap-southeast-2").yaml) == {"antipodes:home": "sydney"}


def test_the_home_cannot_leave_the_stack_and_its_line_is_to_be_put_back() -> None:
    problem = only_problem(GOOD, regions={"sydney": "ap-southeast-2"})

    assert (problem.key, problem.value) == ("antipodes:home", "ireland")
    assert "put its line under antipodes:regions back" in problem.rule
    assert yaml.safe_load(problem.yaml) == {"antipodes:regions": {"ireland": "eu-west-1"}}


def test_where_there_is_nothing_to_put_back_to_one_of_the_regions_may_be_the_home() -> None:
    problem = only_problem(GOOD, regions={"sydney": "ap-southeast-2", "tokyo": "ap-northeast-1"})

    assert "on a stack that was never deployed, choose one of those listed" in problem.rule
    assert problem.valid == "sydney, tokyo"
    assert problem.yaml.endswith("# or, on a stack that was never deployed:\n# antipodes:home: sydney")


def test_whoever_removed_a_home_with_a_key_of_their_own_knows_its_region() -> None:
    problem = only_problem(GOOD, home="emerald-isle")

    assert yaml.safe_load(problem.yaml) == {"antipodes:regions": {"emerald-isle": "<its AWS region>"}}


def test_what_is_to_be_put_back_is_no_region_that_another_key_has() -> None:
    problem = only_problem(GOOD, regions={"dublin": "eu-west-1"})

    assert yaml.safe_load(problem.yaml) == {"antipodes:regions": {"ireland": "<its AWS region>"}}


def test_where_the_regions_are_wrong_the_home_is_not_wrong_too() -> None:
    assert only_problem(GOOD, regions=["eu-west-1"]).key == "antipodes:regions"
    assert only_problem(GOOD, regions={"Ireland!": "eu-west-1"}).key == "antipodes:regions.Ireland!"


@given(st.dictionaries(st.sampled_from(["home", "data", "consistency"]), ANYTHING | st.sampled_from(["strong"])))
def test_advice_on_data_is_never_itself_refused(changes: dict[str, Any]) -> None:
    config = changed(GOOD, **changes)
    for _ in range(3):
        for problem in problems(config):
            advice = yaml.safe_load(problem.yaml)
            config = {**config, **advice} if advice else changed(config, home=None)

    assert problems(config) == []


@pytest.mark.parametrize(
    "regions",
    [
        {region: region for region in three}
        for each in aws_regions.STRONG_SETS
        for three in combinations(sorted(each), 3)
    ],
    ids=lambda regions: " ".join(sorted(regions)),
)
def test_tables_may_be_strongly_consistent_over_three_regions_of_one_set(regions: dict[str, str]) -> None:
    assert problems(strong(regions, home=min(regions))) == []


@pytest.mark.parametrize("count", [1, 2, 4])
def test_strong_consistency_takes_three_regions_no_fewer_and_no_more(count: int) -> None:
    regions = dict(list({**EUROPE, "frankfurt": "eu-central-1"}.items())[:count])
    (problem,) = problems(strong(regions))

    assert (problem.key, problem.value) == ("antipodes:consistency", "strong")
    assert f"exactly 3 regions, not in {count}" in problem.rule
    assert yaml.safe_load(problem.yaml) == {"antipodes:consistency": "eventual"}


@pytest.mark.parametrize("outside", ["us-east-1", "ap-northeast-1", "eu-north-1"])
def test_strong_consistency_does_not_reach_beyond_one_set(outside: str) -> None:
    (problem,) = problems(strong({**EUROPE, "paris": outside}))

    assert f"eu-west-1, eu-west-2, {outside} do not" in problem.rule
    assert all(region in problem.valid for region in chain(*aws_regions.STRONG_SETS))


def test_regional_tables_have_nothing_to_be_consistent_with() -> None:
    assert "no region has another's rows" in only_problem(REGIONAL, consistency="strong").rule


def test_a_region_written_as_a_mapping_counts_as_any_other() -> None:
    assert problems(strong({**EUROPE, "paris": {"region": "eu-west-3"}})) == []

"""Each rule on regions: what it refuses, what it says, and that following its advice mends the config."""

from typing import Any

import botocore.session
import pytest
import yaml
from hypothesis import given

from components import aws_regions
from components.config_error import MISSING, SECRET, ConfigError, Problem
from components.config_rules import problems
from components.topology import load
from tests.components.configs import REGIONAL, REGIONS, only_problem


def the_problem(**changes: Any) -> Problem:
    return only_problem(REGIONAL, **changes)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (["eu-west-1"], "[eu-west-1]"),
        ({"region": None}, "null"),
        ({"region": ["eu-west-1"]}, "[eu-west-1]"),
        (7, "7"),
        (True, "true"),
        ("", "''"),
        ("eu-west-9" * 20, "eu-west-9" * 20),
    ],
)
def test_a_value_is_shown_as_it_would_be_written(value: object, written: str) -> None:
    problem = the_problem(regions={"ireland": value})

    assert str(problem).splitlines()[0] == f"antipodes:regions.ireland: {written}"


@pytest.mark.parametrize("value", [None, {}, [], "", 7])
def test_a_stack_without_regions_is_refused_with_an_example(value: object) -> None:
    problem = the_problem(regions=value)

    assert problem.value == (MISSING if value is None else value)
    assert yaml.safe_load(problem.yaml) == {"antipodes:regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}}


@pytest.mark.parametrize(
    ("key", "place", "free"),
    [
        ("sydney", None, "ap-southeast-2"),
        ("sydney", {"dial": 40}, "ap-southeast-2"),
        ("here", None, "af-south-1"),
        ("ireland-2", "", "af-south-1"),
    ],
)
def test_a_region_without_a_name_is_advised_one_that_no_other_key_has(key: str, place: object, free: str) -> None:
    problem = the_problem(regions={"ireland": "eu-west-1", key: place})

    advice = yaml.safe_load(problem.yaml)["antipodes:regions"][key]
    assert (advice["region"] if isinstance(advice, dict) else advice) == free


def test_a_list_of_regions_is_turned_into_the_mapping_that_it_should_be() -> None:
    problem = the_problem(regions=["eu-west-1", "ap-southeast-2", "us-east-1"])

    assert yaml.safe_load(problem.yaml)["antipodes:regions"] == {
        "ireland": "eu-west-1",
        "sydney": "ap-southeast-2",
        "n-virginia": "us-east-1",
    }


def test_a_single_region_is_turned_into_a_mapping() -> None:
    assert yaml.safe_load(the_problem(regions="eu-west-1").yaml) == {"antipodes:regions": {"ireland": "eu-west-1"}}


def test_an_unknown_region_is_refused_with_the_nearest_one() -> None:
    problem = the_problem(regions={"ireland": "eu-wst-1"})

    assert problem.value == "eu-wst-1"
    assert "Did you mean eu-west-1?" in problem.rule
    assert "ap-southeast-2" in problem.valid


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "EU-WEST-1", "eu-west-1a", ""])
def test_what_only_looks_like_a_region_is_refused(region: str) -> None:
    assert "no AWS region" in the_problem(regions={"ireland": region}).rule


def test_regions_without_a_needed_service_are_refused_by_botocores_data() -> None:
    session = botocore.session.get_session()
    without = set(session.get_available_regions("dynamodb")) - set(session.get_available_regions("appsync"))
    assert without

    for region in without:
        problem = the_problem(regions={"somewhere": region})
        assert (problem.value, "has no AppSync" in problem.rule) == (region, True)
        assert region not in problem.valid.split(", ")


def test_every_region_with_appsync_and_function_urls_is_good() -> None:
    regions = aws_regions.usable()
    without = set(botocore.session.get_session().get_available_regions("appsync")) - regions

    assert problems({**REGIONAL, "antipodes:regions": {region: region for region in regions}}) == []
    assert len(regions) == 22
    for region in without:
        assert "has no Lambda function URLs" in the_problem(regions={"somewhere": region}).rule


def test_two_keys_for_one_region_are_refused_in_either_form() -> None:
    problem = the_problem(regions={"ireland": "eu-west-1", "dublin": {"region": "eu-west-1"}})

    assert problem.key == "antipodes:regions.dublin"
    assert "already the region of ireland" in problem.rule


@pytest.mark.parametrize(
    ("regions", "advice"),
    [
        ({"Ireland!": "eu-west-1", "dublin": "eu-west-1"}, {"dublin": "eu-west-1"}),
        ({"dublin": "eu-west-1", "Ireland!": "eu-west-1"}, {"dublin": "eu-west-1"}),
        ({"Dublin": "eu-west-1", "Ireland!": "eu-west-1"}, {"ireland": "eu-west-1"}),
    ],
)
def test_of_two_keys_for_one_region_the_advice_keeps_one_that_is_good(
    regions: dict[str, str], advice: dict[str, str]
) -> None:
    (doubled,) = [each for each in problems({**REGIONAL, "antipodes:regions": regions}) if "already" in each.rule]

    assert yaml.safe_load(doubled.yaml) == {"antipodes:regions": advice}


@pytest.mark.parametrize("key", ["Ireland!", "Ireland", "1st", "-a", "a_b", "a.b", "", "a" * 31, "ire land", "é"])
def test_a_key_that_is_no_label_is_refused(key: str) -> None:
    problem = the_problem(regions={key: "eu-west-1"})

    assert problem.key == f"antipodes:regions.{key}"
    assert "at most 30 characters" in problem.valid


def test_a_key_of_the_greatest_length_is_good() -> None:
    assert problems({**REGIONAL, "antipodes:regions": {"a" * 30: "eu-west-1"}}) == []


def test_an_unknown_option_of_a_region_is_refused() -> None:
    problem = the_problem(regions={"ireland": {"region": "eu-west-1", "wieght": 3}})

    assert (problem.key, problem.value, problem.valid) == (
        "antipodes:regions.ireland.wieght",
        SECRET,
        "region, dial, drained",
    )


def test_a_misspelt_option_of_a_region_is_one_problem_with_the_right_spelling() -> None:
    assert "Did you mean region?" in the_problem(regions={"ireland": {"regoin": "eu-west-1"}}).rule


def test_the_options_of_a_region_are_kept_in_the_advice_on_its_place() -> None:
    problem = the_problem(regions={"ireland": {"region": "eu-wst-1", "dial": "40", "drained": False}})

    assert yaml.safe_load(problem.yaml)["antipodes:regions"] == {
        "ireland": {"region": "eu-west-1", "dial": 40, "drained": False}
    }


def test_a_mapping_without_its_region_is_refused() -> None:
    assert the_problem(regions={"ireland": {}}).key == "antipodes:regions.ireland"


@given(REGIONS)
def test_advice_on_regions_never_holds_what_is_itself_refused(regions: dict[str, Any]) -> None:
    for problem in problems({**REGIONAL, "antipodes:regions": regions}):
        assert problems({**REGIONAL, **yaml.load(problem.yaml, yaml.BaseLoader)}) == []  # noqa: S506 - texts, as in the engine


@given(REGIONS)
def test_a_topology_holds_only_what_dns_can_hold(regions: dict[str, Any]) -> None:
    try:
        topology = load({**REGIONAL, "antipodes:regions": regions})
    except ConfigError:
        return

    assert all(region.host.encode("idna").decode() == region.host for region in topology.regions)
    assert len({region.name for region in topology.regions}) == len(topology.regions) == len(regions)

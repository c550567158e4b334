"""Each rule on a region's options: what it refuses, what it says, and that following its advice mends the config."""

from typing import Any

import pytest
import yaml
from hypothesis import given

from components import config_region_options
from components.config_error import Problem
from components.config_rules import problems
from tests.components.configs import ANYTHING, GOOD, changed, only_problem


def the_problem(**options: Any) -> Problem:
    return only_problem(GOOD, regions={"ireland": "eu-west-1", "sydney": {"region": "ap-southeast-2", **options}})


@pytest.mark.parametrize("dial", [0, 1, 40, 100, "0", "40", "100"])
def test_a_dial_is_a_percentage_as_a_number_or_as_the_engine_hands_it_over(dial: object) -> None:
    place = {"region": "ap-southeast-2", "dial": dial}

    assert problems(changed(GOOD, regions={"ireland": "eu-west-1", "sydney": place})) == []
    assert config_region_options.dial(place) == int(str(dial))


@pytest.mark.parametrize(
    ("dial", "meant"),
    [
        ("50%", 50),
        ("7 %", 7),
        (49.6, 50),
        (-1, 0),
        (101, 100),
        ("1e3", 100),
        ("9" * 5000, 50),
        ("nan", 50),
        ("inf", 50),
        (True, 50),
        ("half", 50),
        ("", 100),
        (None, 100),
        ([40], 50),
        ("٤٠", 40),
        (" 40", 40),
    ],
)
def test_what_is_no_whole_percentage_is_refused_with_the_number_to_write(dial: object, meant: int) -> None:
    problem = the_problem(dial=dial)

    assert (problem.key, problem.value) == ("antipodes:regions.sydney.dial", dial)
    assert problem.valid == "0 to 100; 100 where there is no such line"
    assert yaml.safe_load(problem.yaml) == {
        "antipodes:regions": {"sydney": {"region": "ap-southeast-2", "dial": meant}}
    }


@pytest.mark.parametrize(("drained", "is_drained"), [("true", True), (True, True), ("false", False), (False, False)])
def test_drained_is_read_as_the_engine_hands_it_over_and_as_yaml_has_it(drained: object, *, is_drained: bool) -> None:
    assert config_region_options.drained({"region": "eu-west-1", "drained": drained}) is is_drained


@pytest.mark.parametrize(("drained", "meant"), [("yes", True), ("on", True), (1, True), ("no", False), (None, False)])
def test_drained_is_a_yes_or_a_no(drained: object, *, meant: bool) -> None:
    problem = the_problem(drained=drained)

    assert (problem.key, problem.valid) == ("antipodes:regions.sydney.drained", "true, false")
    assert yaml.safe_load(problem.yaml)["antipodes:regions"]["sydney"] == {
        "region": "ap-southeast-2",
        "drained": meant,
    }


def test_advice_on_one_option_keeps_the_other() -> None:
    assert yaml.safe_load(the_problem(dial="50%", drained="true").yaml)["antipodes:regions"]["sydney"] == {
        "region": "ap-southeast-2",
        "dial": 50,
        "drained": True,
    }


def test_a_region_without_options_takes_all_of_its_traffic() -> None:
    for place in ("eu-west-1", {"region": "eu-west-1"}):
        assert (config_region_options.dial(place), config_region_options.drained(place)) == (100, False)


@given(ANYTHING, ANYTHING)
def test_following_the_advice_on_options_mends_them(dial: Any, drained: Any) -> None:
    place = {"dial": dial, "drained": drained}
    mended = {fault.option: fault.meant for fault in config_region_options.faults(place)}

    assert list(config_region_options.faults({**place, **mended})) == []

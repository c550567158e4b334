"""Each rule on regional headers: what it refuses, and that no value ever shows, whatever is wrong with it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import origin_headers
from components.config_error import SECRET, ConfigError, Problem
from components.config_rules import problems
from components.topology import load
from tests.components.configs import ANYTHING, GOOD, changed, only_problem

VALUE = "da2-a-value-that-must-not-show"


def the_problem(headers: Any, **changes: Any) -> Problem:
    return only_problem(GOOD, originHeaders=headers, **changes)


def test_a_region_may_have_headers_of_its_own() -> None:
    config = changed(GOOD, originHeaders={"ireland": {"X-Api-Key": VALUE}, "sydney": {"authorization": "Bearer a b"}})

    assert problems(config) == []
    assert load(config).origin_headers["ireland"] == {"x-api-key": VALUE}
    assert load(GOOD).origin_headers == {}


def test_a_drained_region_keeps_its_headers() -> None:
    regions = {"ireland": "eu-west-1", "sydney": {"region": "ap-southeast-2", "drained": True}}

    assert problems(changed(GOOD, regions=regions, originHeaders={"sydney": {"x-api-key": VALUE}})) == []


@pytest.mark.parametrize("headers", [VALUE, [VALUE], None, 7])
def test_headers_are_listed_by_region(headers: object) -> None:
    problem = the_problem(headers) if headers is not None else problems({**GOOD, "antipodes:originHeaders": None})[0]

    assert (problem.key, problem.value) == ("antipodes:originHeaders", SECRET)
    command = "pulumi config set --stack stack --secret --path 'antipodes:originHeaders.ireland[\"x-api-key\"]' VALUE"
    assert command in problem.yaml


def test_headers_of_a_region_that_the_stack_does_not_have_are_refused_with_the_nearest_one() -> None:
    problem = the_problem({"sidney": {"x-api-key": VALUE}})

    assert (problem.key, problem.valid) == ("antipodes:originHeaders.sidney", "ireland, sydney")
    assert "Did you mean sydney?" in problem.rule
    assert "originHeaders.sydney[" in problem.yaml


@pytest.mark.parametrize("headers", [VALUE, [VALUE], None])
def test_a_regions_headers_have_names(headers: object) -> None:
    assert the_problem({"ireland": headers}).key == "antipodes:originHeaders.ireland"


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("x api key", "no name of a header"),
        ("", "no name of a header"),
        ("x-é", "no name of a header"),
        (7, "no name of a header"),
        ("Host", "AppSync answers to no other"),
        ("Content-Length", "CloudFront lets no function change"),
        ("via", "CloudFront lets no function change"),
        ("Connection", "CloudFront lets no function change"),
        ("X-Edge-Anything", "CloudFront lets no function change"),
        ("x-amz-cf-id", "CloudFront lets no function change"),
        ("x-real-ip", "CloudFront lets no function change"),
        ("X-Antipodes-Route", "the router's own"),
        ("x-antipodes-secret-0", "the router's own"),
        ("Sec-WebSocket-Protocol", "agree on a WebSocket connection"),
        ("TE", "CloudFront takes the viewer's off"),
        ("X-Forwarded-For", "CloudFront itself writes"),
        ("Content-Encoding", "this one request"),
        ("content-type", "this one request"),
        ("range", "this one request"),
        ("Cookie", "this one request"),
    ],
)
def test_a_header_that_cannot_be_set_is_refused(name: object, rule: str) -> None:
    assert rule in the_problem({"ireland": {name: VALUE}}).rule


@pytest.mark.parametrize("value", ["", " a", "a ", "a\nb", "a\x00", "é", 7, True, None, ["a"], {"secure": "a"}])
def test_a_value_is_a_text_that_a_header_can_carry(value: object) -> None:
    problem = the_problem({"ireland": {"x-key": value}})

    assert problem.key == "antipodes:originHeaders.ireland.x-key"
    assert 'originHeaders.ireland["x-key"]' in problem.yaml


def test_one_header_in_two_spellings_is_refused() -> None:
    assert "twice" in the_problem({"ireland": {"X-Key": "a", "x-key": "b"}}).rule


def test_more_than_cloudfront_carries_is_refused_with_how_much_it_is_too_much() -> None:
    many = {"ireland": {f"x-{number}": "y" * 1000 for number in range(8)}}

    many["ireland"]["x-5"] += "y"

    assert f"{origin_headers.excess(many)} too many" in the_problem(many).rule
    assert the_problem(many).yaml.endswith("with 1,001 characters: antipodes:originHeaders.ireland.x-5")


def test_the_cloudfront_function_carries_no_secrets() -> None:
    problem = the_problem({"ireland": {"x-api-key": VALUE}}, router="function")

    assert (problem.key, problem.value, problem.yaml) == ("antipodes:originHeaders", SECRET, "antipodes:router: lambda")


@pytest.mark.parametrize(
    "config",
    [
        {"antipodes:originHeaders": VALUE},
        {"antipodes:originHeaders": {"x-api-key": VALUE}},
        {"antipodes:originHeaders": {f"x-api-key:{VALUE}": None}},
        {"antipodes:originHeaders": {"ireland": {f"x-api-key:{VALUE}": None}}},
        {"antipodes:originHeaders": {"ireland": {"host": VALUE, "x": f"{VALUE}\n", "y": [VALUE], "z": {VALUE: VALUE}}}},
        {"antipodes:originHeaders": {"ireland": [VALUE], "nowhere": VALUE}},
        {"antipodes:originHeaders": {"ireland": {"x": VALUE * 400}}},
        {"antipodes:originHeaders": {"ireland": {"x": VALUE}}, "antipodes:router": "function"},
        {"antipodes:originheaders": {"ireland": {"x": VALUE}}},
        {"antipodes:orginHeader": VALUE},
        {"antipodes:headers": {"ireland": {"x": VALUE}}},
        {"antipode:originHeaders": {"ireland": {"x": VALUE}}},
        {"antipode:originHeaders": VALUE},
        *(
            {"antipodes:regions": {"ireland": place, "sydney": "ap-southeast-2"}}
            for place in (
                {"region": "eu-west-1", "headers": {"x-api-key": VALUE}},
                {"region": "eu-west-1", f"x-api-key:{VALUE}": None},
                {"region": "eu-west-99", "x-api-key": VALUE},
                {"region": {"x-api-key": VALUE}},
                {"region": "eu-west-1", "dial": {"x-api-key": [VALUE]}},
                {"originHeaders": VALUE},
                [{"x-api-key": VALUE}],
            )
        ),
        {"antipodes:regions": {"Ireland": {"region": "eu-west-1", "x": VALUE}}},
        {"antipodes:regions": [{"ireland": {"x-api-key": VALUE}}]},
    ],
)
def test_no_error_shows_a_value(config: dict[str, Any]) -> None:
    found = problems({**GOOD, **config})

    assert found
    assert VALUE not in f"{ConfigError(found)}{ConfigError(found)!r}"


@pytest.mark.parametrize("option", ["headers", "originHeaders", "x-api-key"])
def test_headers_that_were_put_into_a_region_are_told_their_place(option: str) -> None:
    regions = {"ireland": {"region": "eu-west-1", option: {"x-api-key": VALUE}}, "sydney": "ap-southeast-2"}
    problem = only_problem(GOOD, regions=regions)

    assert (problem.key, problem.value) == (f"antipodes:regions.ireland.{option}", SECRET)
    assert "below antipodes:originHeaders" in problem.rule


@given(ANYTHING | st.dictionaries(st.sampled_from(["ireland", "sydney", "x"]), st.dictionaries(st.text(), ANYTHING)))
def test_no_headers_are_so_bad_that_they_cannot_be_explained(headers: Any) -> None:
    for problem in problems(changed(GOOD, originHeaders=headers)):
        assert (problem.value, problem.key.startswith("antipodes:originHeaders")) == (SECRET, True)


def test_a_topology_does_not_show_the_values_that_it_holds() -> None:
    topology = load(changed(GOOD, originHeaders={"ireland": {"x-api-key": VALUE}}))

    assert VALUE not in f"{topology!r}{topology.outputs}{topology.routes}"

"""Each rule: what it refuses, what it says, and that following its advice mends the config."""

from typing import Any

import botocore.session
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components import aws_regions
from components.config_error import MISSING, ConfigError, Problem
from components.config_rules import problems
from components.topology import load

GOOD: dict[str, Any] = {
    "aws:region": "us-east-1",
    "antipodes:domain": "example.com",
    "antipodes:regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
}


def the_problem(**changes: Any) -> Problem:
    """The one problem of the good config with changes (`regions=...` is `antipodes:regions`); None drops a key."""
    changed = {("aws:region" if key == "aws" else f"antipodes:{key}"): value for key, value in changes.items()}
    config = {key: value for key, value in {**GOOD, **changed}.items() if value is not None}
    (found,) = problems(config)
    return found


def test_a_good_config_has_no_problem() -> None:
    assert problems(GOOD) == []


def test_all_problems_are_told_at_once() -> None:
    found = problems(
        {
            "aws:region": "eu-west-1",
            "antipodes:domain": "https://example.com",
            "antipodes:hostedzone": "create",
            "antipodes:regions": {"Ireland!": "eu-west-1", "sydney": "ap-southeast-9"},
        }
    )

    assert [problem.key for problem in found] == [
        "aws:region",
        "antipodes:hostedzone",
        "antipodes:domain",
        "antipodes:regions.Ireland!",
        "antipodes:regions.sydney",
    ]


def test_an_error_shows_key_value_rule_valid_values_and_yaml() -> None:
    with pytest.raises(ConfigError) as caught:
        load({**GOOD, "antipodes:regions": {"Ireland!": "eu-west-1"}})

    text = str(caught.value)
    assert "antipodes:regions.Ireland!: eu-west-1\n" in text
    assert "A key becomes part of host names" in text
    assert "Valid: lower-case letters, digits and hyphens" in text
    assert "      antipodes:regions:\n        ireland: eu-west-1" in text


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
        assert f"{region} has no AppSync" in problem.rule
        assert region not in problem.valid.split(", ")


def test_every_region_with_appsync_is_good() -> None:
    regions = botocore.session.get_session().get_available_regions("appsync")

    assert problems({**GOOD, "antipodes:regions": {region: region for region in regions}}) == []
    assert aws_regions.usable() == set(regions)


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
    (doubled,) = [each for each in problems({**GOOD, "antipodes:regions": regions}) if "already" in each.rule]

    assert yaml.safe_load(doubled.yaml) == {"antipodes:regions": advice}


@pytest.mark.parametrize("key", ["Ireland!", "Ireland", "1st", "-a", "a_b", "a.b", "", "a" * 31, "ire land", "é"])
def test_a_key_that_is_no_label_is_refused(key: str) -> None:
    problem = the_problem(regions={key: "eu-west-1"})

    assert problem.key == f"antipodes:regions.{key}"
    assert "at most 30 characters" in problem.valid


def test_a_key_of_the_greatest_length_is_good() -> None:
    assert problems({**GOOD, "antipodes:regions": {"a" * 30: "eu-west-1"}}) == []


def test_an_unknown_option_of_a_region_is_refused() -> None:
    problem = the_problem(regions={"ireland": {"region": "eu-west-1", "wieght": 3}})

    assert (problem.key, problem.value, problem.valid) == ("antipodes:regions.ireland.wieght", 3, "region")


def test_a_misspelt_option_of_a_region_is_one_problem_with_the_right_spelling() -> None:
    assert "Did you mean region?" in the_problem(regions={"ireland": {"regoin": "eu-west-1"}}).rule


def test_a_mapping_without_its_region_is_refused() -> None:
    assert the_problem(regions={"ireland": {}}).key == "antipodes:regions.ireland"


@pytest.mark.parametrize(
    ("domain", "mended"),
    [
        ("https://example.com", "example.com"),
        ("http://example.com/graphql?x=1", "example.com"),
        ("example.com:443", "example.com"),
        ("*.example.com", "example.com"),
        ("example.com.", "example.com"),
        ("Example.COM", "example.com"),
        ("com", "example.com"),
        ("-bad.com", "example.com"),
        ("exa mple.com", "example.com"),
        ("a" * 60 + ".example.com", "example.com"),
        ("xn--bcher-kva..example", "example.com"),
        ("bücher.example", "example.com"),
        ("", "example.com"),
        (7, "example.com"),
    ],
)
def test_a_domain_that_is_more_or_less_than_a_zones_name_is_refused(domain: object, mended: str) -> None:
    problem = the_problem(domain=domain)

    assert problem.value == domain
    assert yaml.safe_load(problem.yaml) == {"antipodes:domain": mended}


def test_a_missing_domain_is_refused() -> None:
    assert the_problem(domain=None).value is MISSING


@pytest.mark.parametrize("subdomain", ["a.b", "Api", "-api", "api-", "", "*", "a" * 64, 3])
def test_a_subdomain_that_is_not_one_label_is_refused(subdomain: object) -> None:
    assert "one label" in the_problem(subdomain=subdomain).rule


@pytest.mark.parametrize("taken", ["latency-routing", "default-origin", "ireland-appsync"])
def test_a_subdomain_that_something_else_in_the_zone_has_is_refused(taken: str) -> None:
    assert "in use in the same zone" in the_problem(subdomain=taken).rule


def test_the_host_of_a_region_that_is_not_deployed_is_free_for_the_subdomain() -> None:
    assert problems({**GOOD, "antipodes:subdomain": "tokyo-appsync"}) == []


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    problem = the_problem(regoins={})

    assert "Did you mean regions?" in problem.rule
    assert "domain" in problem.valid


def test_keys_of_other_namespaces_are_not_ours_to_judge() -> None:
    others = {"aws:profile": "me", "pulumi:tags": {}, "shop:regions": {}, "antipodes-of-mine:regions": {}}

    assert problems({**GOOD, **others}) == []


@pytest.mark.parametrize("namespace", ["antipode", "antipods", "Antipodes", "anitpodes", "antipodess"])
def test_a_namespace_that_is_nearly_ours_is_refused_with_the_right_spelling(namespace: str) -> None:
    (problem,) = problems({**GOOD, f"{namespace}:protcted": "true"})

    assert problem.key == f"{namespace}:protcted"
    assert "Did you mean antipodes?" in problem.rule
    assert yaml.safe_load(problem.yaml) == {"antipodes:protected": "..."}


@pytest.mark.parametrize(
    ("key", "value", "valid"),
    [
        ("hostedZone", "new", "existing, create"),
        ("api", "rest", "graphql"),
        ("data", "replicated", "regional"),
        ("protected", "maybe", "true, false"),
    ],
)
def test_a_setting_takes_its_own_values_only(key: str, value: str, valid: str) -> None:
    problem = the_problem(**{key: value})

    assert (problem.key, problem.value, problem.valid) == (f"antipodes:{key}", value, valid)


def test_the_providers_region_must_be_the_one_of_what_is_global() -> None:
    assert the_problem(aws="eu-west-1").yaml == "aws:region: us-east-1"
    assert the_problem(aws=None).value is MISSING


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_REGIONS = st.dictionaries(st.text(), st.sampled_from(["eu-west-1", "us-east-1", "mx-central-1", "no"]) | _ANYTHING)
_KEYS = st.sampled_from(["domain", "subdomain", "hostedZone", "api", "data", "protected", "regions", "other"])


@given(st.dictionaries(_KEYS.map("antipodes:".__add__), _ANYTHING | st.text() | _REGIONS))
def test_no_config_is_so_bad_that_it_cannot_be_explained(config: dict[str, Any]) -> None:
    found = problems(config)

    assert "us-east-1" in str(ConfigError(found))
    assert all(problem.rule and problem.valid and problem.yaml for problem in found)


@given(_REGIONS)
def test_advice_on_regions_never_holds_what_is_itself_refused(regions: dict[str, Any]) -> None:
    for problem in problems({**GOOD, "antipodes:regions": regions}):
        assert problems({**GOOD, **yaml.load(problem.yaml, yaml.BaseLoader)}) == []  # noqa: S506 - texts, as in the engine


@given(_REGIONS)
def test_a_topology_holds_only_what_dns_can_hold(regions: dict[str, Any]) -> None:
    try:
        topology = load({**GOOD, "antipodes:regions": regions})
    except ConfigError:
        return

    assert all(region.host.encode("idna").decode() == region.host for region in topology.regions)
    assert len({region.name for region in topology.regions}) == len(topology.regions) == len(regions)

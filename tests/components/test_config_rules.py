"""Each rule: what it refuses, what it says, and that following its advice mends the config."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.config_error import MISSING, SECRET, ConfigError, Problem
from components.config_rules import problems
from components.topology import load
from tests.components.configs import ANYTHING, GOOD, REGIONS, only_problem


def the_problem(**changes: Any) -> Problem:
    return only_problem(GOOD, **changes)


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
        "antipodes:home",
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
        ("data", "global", "replicated, regional"),
        ("consistency", "strict", "eventual, strong"),
        ("protected", "maybe", "true, false"),
        ("diagnostics", "1", "true, false"),
        ("router", "lamda", "lambda, function"),
        ("routing", "viewer", "region, location"),
        ("sticky", "session", "off, cookie, header"),
        ("failover", "faster", "default, fast"),
    ],
)
def test_a_setting_takes_its_own_values_only(key: str, value: str, valid: str) -> None:
    problem = the_problem(**{key: value})

    assert (problem.key, problem.value, problem.valid) == (f"antipodes:{key}", value, valid)


HIDDEN = "a1-value-that-must-not-show"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("antipodes:apiKey", HIDDEN),
        ("antipodes:domian", HIDDEN),
        ("antipode:apiKey", HIDDEN),
        ("antipodes:domain", f"https://{HIDDEN}.example.com"),
        ("antipodes:subdomain", f"{HIDDEN}."),
        ("antipodes:home", HIDDEN),
        ("antipodes:writes", HIDDEN),
        ("antipodes:router", HIDDEN),
        ("antipodes:protected", HIDDEN),
        ("antipodes:regions", HIDDEN),
        ("antipodes:regions", [HIDDEN]),
        ("antipodes:regions", {HIDDEN: "eu-west-9"}),
        ("antipodes:regions", {"ireland": HIDDEN}),
        ("antipodes:regions", {"ireland": {"region": "eu-west-1", "dial": HIDDEN}}),
        ("antipodes:regions", {"ireland": {"region": "eu-west-1", HIDDEN: HIDDEN}}),
        ("aws:region", HIDDEN),
    ],
)
def test_no_problem_shows_the_value_of_a_secret(key: str, value: object) -> None:
    found = problems({**GOOD, key: value}, {key, "antipodes:other"})
    shown = [problem for problem in found if problem.key == key]

    assert {problem.value for problem in shown} == {SECRET}
    assert HIDDEN not in str(ConfigError(shown))
    assert key in str(ConfigError(shown))


def test_a_setting_that_is_secret_and_wrong_is_mended_where_it_stays_one() -> None:
    (problem,) = problems({**GOOD, "antipodes:domain": "https://example.com"}, ["antipodes:domain"])

    assert problem.yaml.endswith("# pulumi config set --secret antipodes:domain VALUE")
    assert yaml.safe_load(problem.yaml) is None


def test_a_secret_hides_no_other_keys_value() -> None:
    (problem,) = problems({**GOOD, "antipodes:router": "lamda"}, ["antipodes:rout", "antipodes:domain"])

    assert (problem.value, problem.yaml) == ("lamda", "antipodes:router: lambda")


def test_the_providers_region_must_be_the_one_of_what_is_global() -> None:
    assert the_problem(aws="eu-west-1").yaml == "aws:region: us-east-1"
    assert the_problem(aws=None).value is MISSING


_NAMED = ["domain", "subdomain", "hostedZone", "api", "data", "home", "consistency", "protected", "regions", "other"]
_OF_ROUTING = ["router", "routing", "failover", "sticky", "writes", "diagnostics"]
_KEYS = st.sampled_from([*_NAMED, *_OF_ROUTING])


@given(st.dictionaries(_KEYS.map("antipodes:".__add__), ANYTHING | st.text() | REGIONS))
def test_no_config_is_so_bad_that_it_cannot_be_explained(config: dict[str, Any]) -> None:
    found = problems(config)

    assert "us-east-1" in str(ConfigError(found))
    assert all(problem.rule and problem.valid and problem.yaml for problem in found)

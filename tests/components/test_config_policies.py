import pytest
import yaml

from components.config_policies import LEVELS
from components.config_rules import problems
from tests.components.configs import GOOD, changed, only_problem


@pytest.mark.parametrize("level", LEVELS)
def test_a_rule_of_the_pack_has_a_level_or_settings(level: str) -> None:
    rules = {"edge-waf": level, "regions-at-least-two": {"minimum": 1, "enforcementLevel": level}}

    assert problems(changed(GOOD, policies=rules)) == []


@pytest.mark.parametrize("value", ["advisory", ["edge-waf"], 7, True])
def test_levels_are_listed_by_rule(value: object) -> None:
    assert only_problem(GOOD, policies=value).key == "antipodes:policies"


@pytest.mark.parametrize(
    ("value", "meant"), [("manadtory", "mandatory"), (False, "disabled"), (7, "advisory"), (["advisory"], "advisory")]
)
def test_another_level_is_refused_with_the_nearest(value: object, meant: str) -> None:
    for told in (value, {"enforcementLevel": value}):
        problem = only_problem(GOOD, policies={"edge-waf": told})

        assert problem.key.startswith("antipodes:policies.edge-waf")
        assert meant in problem.yaml
        assert problems({**GOOD, **yaml.safe_load(problem.yaml)}) == []


@pytest.mark.parametrize("name", ["edge_waf", "Edge", "", 7])
def test_rules_have_names_of_words_and_hyphens(name: object) -> None:
    problem = only_problem(GOOD, policies={name: "advisory"})

    assert "policy/README.md" in problem.rule
    assert problems({**GOOD, **yaml.safe_load(problem.yaml)}) == []

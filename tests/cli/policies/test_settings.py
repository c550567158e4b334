import json
from pathlib import Path
from typing import Any

import pytest

from cli.errors import CommandError
from cli.policies import settings
from cli.policies.rules import rules
from tests.cli.policies.verdicts import CACHING, VIEWER


def of(**told: Any) -> settings.Settings:
    return settings.of_config({"antipodes:policies": {name.replace("_", "-"): value for name, value in told.items()}})


def refusal(**told: Any) -> str:
    with pytest.raises(CommandError) as raised:
        of(**told)
    return str(raised.value)


def test_levels_and_settings_reach_the_pack_as_they_are_written():
    told = {CACHING: "disabled", VIEWER: {"exempt": ["edge"], "enforcementLevel": "advisory"}}

    assert settings.of_config({"antipodes:policies": told}) == told


def test_a_stack_that_says_nothing_tells_the_pack_nothing():
    assert settings.of_config({}) == {}


def test_an_unknown_rule_is_refused_with_the_near_ones():
    text = refusal(edge_cachin_disabled="advisory")

    assert "antipodes:policies.edge-cachin-disabled: advisory" in text
    assert f"Did you mean {CACHING}?" in text
    assert VIEWER in text
    assert f"antipodes:policies:\n        {CACHING}: advisory" in text


def test_an_unknown_setting_is_refused_with_those_of_the_rule():
    text = refusal(edge_all_viewer={"exemptt": ["edge"]})

    assert "Did you mean exempt?" in text
    assert "Valid: exempt, enforcementLevel" in text


def test_a_value_that_the_rule_does_not_take_is_refused_with_what_it_takes():
    text = refusal(edge_all_viewer={"exempt": "edge"})

    assert "antipodes:policies.edge-all-viewer.exempt: edge" in text
    assert "Valid: a list, each entry a text" in text
    assert "edge-all-viewer: {exempt: ['...']}" in text


def test_a_rule_that_cannot_mend_is_not_set_to_remediate():
    (name, *_) = [rule.name for rule in rules().values() if not rule.mends]

    assert "nothing to remediate with" in refusal(**{name: "remediate"})
    assert "nothing to remediate with" in refusal(**{name: {"enforcementLevel": "remediate"}})


def test_all_that_is_wrong_is_told_at_once():
    assert "has 2 problems" in refusal(edge_all_viewer={"exempt": "edge"}, nothing_like_it="advisory")


@pytest.mark.parametrize("value", ["off", {"enforcementLevel": "off"}, 7, None, ["advisory"]])
def test_what_the_program_refuses_is_left_for_it_to_refuse(value: object):
    assert of(edge_all_viewer=value, edge_caching_disabled="advisory") == {CACHING: "advisory"}
    assert settings.of_config({"antipodes:policies": value}) == {}


def test_a_protected_stack_says_so_to_the_rules_that_ask(monkeypatch: pytest.MonkeyPatch):
    asking = next(iter(rules().values()))
    made = type(asking)(**{**asking.__dict__, "settings": {**asking.settings, "protected": {"type": "boolean"}}})
    monkeypatch.setattr(settings, "rules", lambda: {**rules(), made.name: made})

    def told(**config: Any) -> Any:
        return settings.of_config({"antipodes:protected": True, "antipodes:policies": config})[made.name]

    assert told() == {"protected": True}
    assert told(**{made.name: "advisory"}) == {"protected": True, "enforcementLevel": "advisory"}
    assert told(**{made.name: {"protected": False}}) == {"protected": False}
    assert settings.of_config({"antipodes:protected": False}) == {}


def test_the_engine_reads_the_settings_from_a_file_that_is_gone_afterwards(tmp_path: Path):
    stack_file = tmp_path / "Pulumi.prod.yaml"
    stack_file.write_text(f"config:\n  antipodes:policies:\n    {CACHING}: advisory\n")

    with settings.written(stack_file) as (written,):
        assert json.loads(Path(written).read_text()) == {CACHING: "advisory"}

    assert not Path(written).exists()


@pytest.mark.parametrize("text", ["", "config: {}", "config:", "[]", "{", "config:\n  antipodes:policies: {}\n"])
def test_a_file_that_tells_nothing_needs_no_other_file(tmp_path: Path, text: str):
    stack_file = tmp_path / "Pulumi.prod.yaml"
    stack_file.write_text(text)

    with settings.written(stack_file) as files:
        assert files == []

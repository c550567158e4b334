"""What policy/README.md tells people to write is what the pack takes, and what README.md counts is what there is."""

import json
import re

import yaml

from cli.policies.settings import of_config
from components.config_rules import problems
from policy.rules import POLICIES
from tests.components.configs import GOOD
from tests.policy.catalogue import BREAKING, HARMLESS
from tests.policy.pack import PACK

TEXT = (PACK / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def test_the_settings_of_the_example_are_settings_of_the_rules():
    told = json.loads(block("json"))

    assert of_config({"antipodes:policies": told}) == told


def test_the_lines_for_a_stacks_file_are_taken_by_the_program_and_by_the_command():
    config = yaml.safe_load(block("yaml"))["config"]

    assert problems({**GOOD, **config}) == []
    assert of_config(config) == config["antipodes:policies"]


def test_the_rules_and_the_edits_that_hold_them_are_counted_as_they_are():
    text = " ".join((PACK.parent / "README.md").read_text(encoding="utf-8").split())

    assert f"a Pulumi policy pack of {len(POLICIES)} rules" in text
    assert f"[{len(BREAKING)} mistakes](tests/policy/edits/RESULTS.md)" in text
    assert f"none of {len(HARMLESS)} harmless changes" in text

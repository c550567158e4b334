"""What policy/README.md tells people to write is what the pack takes."""

import json
import re

import yaml

from cli.policies.settings import of_config
from components.config_rules import problems
from tests.components.configs import GOOD
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

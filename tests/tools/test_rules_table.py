import dataclasses

import pytest

from cli.policies.rules import rules
from tools.rules_table import BEGIN, END, README, table, with_table


def test_the_packs_readme_lists_the_rules_as_they_are():
    text = README.read_text(encoding="utf-8")

    assert with_table(text, table(rules().values())) == text, "run: python -m tools.rules_table"


def test_the_table_takes_the_place_of_the_old_one():
    assert with_table(f"a\n{BEGIN}\nold\n{END}\nb\n", "new") == f"a\n{BEGIN}\nnew\n{END}\nb\n"


def test_a_text_without_a_place_for_it_is_refused():
    with pytest.raises(ValueError, match="no place for the table"):
        with_table("a\n", "new")


def test_a_rule_is_listed_with_what_it_can_be_told():
    rule = dataclasses.replace(
        next(iter(rules().values())),
        name="regions-some",
        description="Some | regions.",
        settings={
            "minimum": {"type": "integer", "minimum": 1, "description": "How many."},
            "exempt": {"type": "array"},
        },
    )

    (line,) = table([rule]).splitlines()[2:]
    assert line.startswith(f"| [`regions-some`]({rule.url}) | {rule.level} | {rule.severity} | Some \\| regions. | ")
    assert line.endswith("| `minimum` (a whole number from 1): How many. |")

"""The programs as they are: none breaks a rule, and of those that serve nothing from many regions nothing is said."""

import pytest

from tests.policy.catalogue import as_it_is
from tests.policy.judge import Finding
from tests.policy.recorded import OURS, SOURCES

OTHERS = sorted({*SOURCES} - {*OURS, "companion"})


def findings(name: str) -> list[Finding]:
    return list(as_it_is(name).elements())


@pytest.mark.parametrize("name", [*OURS, "companion"])
def test_a_stack_of_the_design_breaks_no_rule(name: str):
    assert [each for each in findings(name) if each.level == "mandatory"] == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_program_of_another_design_breaks_no_rule_and_leaves_none_undecided(name: str):
    assert [each for each in findings(name) if each.level != "advisory"] == []


def test_there_are_enough_other_programs_to_rely_on():
    assert len(OTHERS) >= 10

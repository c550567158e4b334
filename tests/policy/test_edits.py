"""What the rules say of each edit in `edits/`: of a mistake the one rule that it breaks, of what is harmless none."""

import pytest
from pulumi_policy import EnforcementLevel

from policy.rules import POLICIES
from tests.policy import results
from tests.policy.catalogue import BREAKING, HARMLESS, Edit, as_it_is
from tests.policy.judge import READ, Finding, level_of
from tests.policy.property_names import misspelt
from tests.policy.recorded import SOURCES

_ENOUGH = 150


def described(edit: Edit) -> str:
    return f"{edit.group}: {edit.sentence}"


def said(findings: list[Finding]) -> str:
    return "\n".join(f"{each.policy} ({each.level}): {each.message}" for each in findings) or "nothing"


@pytest.mark.parametrize("edit", BREAKING, ids=described)
def test_a_mistake_is_found_by_the_rule_that_it_breaks_and_by_no_other(edit: Edit):
    (policy,) = [each for each in POLICIES if each.name == edit.breaks]
    level = "advisory" if level_of(policy, edit.settings) is EnforcementLevel.ADVISORY else "mandatory"

    for name, findings in edit.news().items():
        judged = {(each.policy, each.level) for each in findings if each.level != "undecided"}
        assert judged == {(edit.breaks, level)}, f"{name}: wanted {edit.breaks} alone, which said:\n{said(findings)}"
        left = {each.policy for each in findings if each.level == "undecided"}
        assert left == edit.undecided, f"{name}: undecided is more than was said:\n{said(findings)}"


@pytest.mark.parametrize("edit", HARMLESS, ids=described)
def test_what_is_harmless_is_let_be(edit: Edit):
    for name, findings in edit.news().items():
        assert not [each for each in findings if each.level != "undecided"], f"{name}: {said(findings)}"
        assert {each.policy for each in findings} == edit.undecided, f"{name}: undecided:\n{said(findings)}"


def test_each_edit_has_a_sentence_of_its_own():
    sentences = [described(edit) for edit in (*BREAKING, *HARMLESS)]

    assert sorted(set(sentences)) == sorted(sentences)


def test_each_rule_finds_a_mistake():
    untested = {policy.name for policy in POLICIES} - {edit.breaks for edit in BREAKING}

    assert not untested, f"no edit in tests/policy/edits/*/breaking.yaml breaks: {', '.join(sorted(untested))}"


@pytest.mark.parametrize("edits", [BREAKING, HARMLESS], ids=["breaking", "harmless"])
def test_there_are_enough_edits_to_rely_on(edits: list[Edit]):
    assert len(edits) >= _ENOUGH


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pulumi-aws's own modules
def test_every_property_that_a_rule_reads_is_one_of_the_provider_s():
    for name in SOURCES:
        as_it_is(name)
    for edit in (*BREAKING, *HARMLESS):
        edit.news()

    assert ("aws:cloudfront/distribution:Distribution", "defaultCacheBehavior.cachePolicyId") in READ
    assert misspelt(READ) == []


def test_the_table_of_results_is_current():
    assert results.FILE.read_text(encoding="utf-8") == results.render(), f"bring it up to date with: {results.COMMAND}"

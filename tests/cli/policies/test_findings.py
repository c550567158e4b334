import dataclasses

from cli.events import Violation
from cli.policies.findings import Checked, Finding, Location, Undecided, judged
from cli.policies.rules import rules
from tests.cli.policies.verdicts import BROKEN, CACHES, CACHING, DISTRIBUTION, FAILED, UNKNOWN, VIEWER, VIEWS, undecided


def test_what_the_engine_tells_is_taken_apart():
    (found,) = judged("prod", [CACHES], lambda _: Location("a.py", 7)).findings

    assert found == Finding(
        stack="prod",
        rule=CACHING,
        level="mandatory",
        severity="critical",
        resource="Distribution 'edge'",
        place="orderedCacheBehaviors[0]",
        urn=DISTRIBUTION,
        found="cachePolicyId is not | set, so it may be <b>cached</b>.",
        fix='Set cachePolicyId to "4135ea2d" (CachingDisabled).',
        url=rules()[CACHING].url,
        location=Location("a.py", 7),
    )


def test_what_could_not_be_judged_is_told_a_resource_at_a_time_and_breaks_nothing():
    checked = judged("prod", [UNKNOWN])

    assert checked.ok
    assert checked.findings == ()
    assert checked.undecided == (
        Undecided(
            "prod", VIEWER, "Distribution 'edge'", "defaultCacheBehavior", "originRequestPolicyId is not known yet."
        ),
        Undecided("prod", VIEWER, "Distribution 'other'", "", "defaultCacheBehavior is not known yet."),
    )


def test_what_the_engine_says_twice_could_not_be_judged_once():
    assert len(judged("prod", [UNKNOWN, UNKNOWN]).undecided) == 2


def test_a_reason_that_names_no_resource_is_told_as_it_stands():
    (told,) = judged("prod", [undecided(VIEWER, "'aliases' is not known")]).undecided

    assert (told.resource, told.reason) == ("", "'aliases' is not known")


def test_mandatory_findings_come_first():
    assert [each.rule for each in judged("prod", [VIEWS, CACHES]).findings] == [CACHING, VIEWER]


def test_a_stack_is_fine_where_no_mandatory_rule_is_broken_and_it_could_be_previewed():
    assert judged("prod", [VIEWS]).ok
    assert not BROKEN.ok
    assert not FAILED.ok
    assert not dataclasses.replace(judged("prod", []), error="no").ok
    assert Checked("prod").ok


def test_the_rule_of_another_pack_is_told_as_that_pack_tells_it():
    (found,) = judged(
        "prod", [Violation("s3-private", "mandatory", "Buckets are private.\nThis is not.", None)]
    ).findings

    assert (found.rule, found.resource, found.found) == (
        "s3-private",
        "the stack",
        "Buckets are private.\nThis is not.",
    )
    assert not judged("prod", [Violation("s3-private", "mandatory", "no", None)]).ok


def test_a_message_without_a_label_is_about_the_resource_that_the_engine_names():
    message = f"{rules()[CACHING].description}\nIt caches."
    (found,) = judged("prod", [Violation(CACHING, "mandatory", message, DISTRIBUTION)]).findings

    assert (found.where, found.found, found.fix) == ("Distribution 'edge'", "It caches.", rules()[CACHING].fix)

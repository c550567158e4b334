"""The pack's own server says what pulumi-policy's does of the same rules, so a change in the library is noticed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2 as messages
from pulumi_policy import ReportViolation, StackValidationArgs, StackValidationPolicy
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policy.rules.serving.server import Analyzer as Server
from policy.rules.serving.telling import Pack
from policy.rules.shared.stack import shared_stack
from tests.policy.deployment import Deployment
from tests.policy.editing import edited
from tests.policy.judge import Config, Finding, judge, policy_resources
from tests.policy.pack import Analyzer, running_analyzer
from tests.policy.recorded import recording

LIBRARY = Path(__file__).parent / "library_host"
QUEUE = "aws:sqs/queue:Queue"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "s3cret"}
CACHED = {
    "resource": "aws:cloudfront/distribution:Distribution",
    "set": {"defaultCacheBehavior.cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
}
CACHING, ENCRYPTION = "edge-caching-disabled", "data-queue-encryption"


@pytest.fixture(scope="module")
def ours() -> Iterator[Analyzer]:
    with running_analyzer() as started:
        yield started


@pytest.fixture(scope="module")
def library() -> Iterator[Analyzer]:
    with running_analyzer(LIBRARY) as started:
        yield started


def broken() -> Deployment:
    """What breaks a rule about a resource and one about the stack, and has what cannot be judged in a preview."""
    return edited(
        recording("companion"),
        [CACHED, {"add": {"type": QUEUE, "name": "plain-text", "props": {"sqsManagedSseEnabled": False}}}],
    )


def comparable(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    """The library tells all that a rule could not be judged on at once, and does not tie it to resources."""
    return sorted(
        (each.policy, each.level, line, "" if each.level == "undecided" else each.urn)
        for each in findings
        for line in (each.message.split("\n") if each.level == "undecided" else [each.message])
    )


def test_both_tell_the_engine_the_same_of_the_pack(ours: Analyzer, library: Analyzer) -> None:
    assert ours.info() == library.info()


@pytest.mark.parametrize(
    ("settings", "levels"),
    [
        ({}, {CACHING: "mandatory", ENCRYPTION: "advisory"}),
        ({"enforcementLevel": "remediate"}, {CACHING: "mandatory", ENCRYPTION: "mandatory"}),
        ({"enforcementLevel": "disabled"}, {}),
        ({"enforcementLevel": "advisory", "exempt": ["plain-text"]}, {CACHING: "advisory"}),
    ],
    ids=["as it comes", "to be mended", "switched off", "told something"],
)
def test_both_find_the_same_in_what_breaks_rules(
    ours: Analyzer, library: Analyzer, settings: dict[str, Any], levels: dict[str, str]
) -> None:
    config = {name: settings for name in (CACHING, ENCRYPTION) if settings}

    found = ours.judge(broken(), config)

    assert comparable(found) == comparable(library.judge(broken(), config))
    assert {each.policy: each.level for each in found if each.policy in (CACHING, ENCRYPTION)} == levels


def test_both_find_the_same_where_nothing_is_broken(ours: Analyzer, library: Analyzer) -> None:
    assert comparable(ours.judge(recording("queues"))) == comparable(library.judge(recording("queues")))


def test_what_could_not_be_judged_is_told_of_each_resource_by_itself(ours: Analyzer) -> None:
    undecided = [each for each in ours.judge(broken()) if each.level == "undecided"]

    assert len(undecided) > len({each.policy for each in undecided})
    assert all(each.urn in broken().resources for each in undecided)


@pytest.mark.parametrize("asked", [False, True], ids=["nobody asks", "it is asked for"])
def test_both_mend_the_same_and_leave_what_is_secret_or_not_known(
    ours: Analyzer, library: Analyzer, *, asked: bool
) -> None:
    # edge-function-runtime has nothing to mend, and says so.
    mending = (ENCRYPTION, "data-stream-view", "edge-function-runtime") if asked else ()
    config = {name: {"enforcementLevel": "remediate"} for name in mending}
    props = {"sqsManagedSseEnabled": False, "policy": SECRET, "redrivePolicy": UNKNOWN_STRING_VALUE, "tags": {"a": "b"}}
    deployment = edited(recording("queues"), [{"add": {"type": QUEUE, "name": "plain-text", "props": props}}])
    (queue,) = deployment.find(f"{QUEUE} plain-text")

    answer = ours.mend(queue, deployment, config)

    assert answer == library.mend(queue, deployment, config)
    mended: list[Any] = [dict(each.properties.fields) for each in answer.remediations]
    assert [each["sqsManagedSseEnabled"].bool_value for each in mended] == ([True] if asked else [])
    assert [each.policy_name for each in answer.not_applicable] == list(mending[2:])


def test_rules_share_what_they_find_where_they_are_shown_and_told_the_same() -> None:
    shown, others = policy_resources(recording("queues")), policy_resources(recording("queues"))

    assert shared_stack(shown, {}) is shared_stack(shown, {})
    assert shared_stack(shown, {"exempt": ["a"]}) is not shared_stack(shown, {})
    assert shared_stack(others, {}) is not shared_stack(shown, {})


def test_a_second_rule_is_not_judged_by_what_another_was_told() -> None:
    """The minimum of regions is 2 where nothing is said."""
    told: Config = {"regions-at-least-two": {"minimum": 3}, "edge-price-class": {"exempt": ["x"]}}

    assert {each.policy for each in judge(recording("ours-2"), told) if each.level == "mandatory"} == {
        "regions-at-least-two"
    }


def test_a_rule_that_fails_is_an_advisory_and_the_others_are_judged_all_the_same() -> None:
    def fail(_args: StackValidationArgs, _report: ReportViolation) -> None:
        raise TypeError("'<' not supported between a text and a number")

    def find(_args: StackValidationArgs, report: ReportViolation) -> None:
        report("something", None)

    rules = [
        StackValidationPolicy(name="fails", description="Fails.", validate=fail),
        StackValidationPolicy(name="finds", description="Finds.", validate=find),
    ]

    response = Server(Pack("pack", "A pack.", [*rules])).AnalyzeStack(messages.AnalyzeStackRequest(), None)

    failed, found = response.diagnostics
    assert (failed.policyName, failed.enforcementLevel) == ("fails", messages.ADVISORY)
    assert "can't run policy 'fails'" in failed.message
    assert "it failed with TypeError: '<' not supported between a text and a number" in failed.message
    assert (found.policyName, found.enforcementLevel) == ("finds", messages.MANDATORY)

import pytest
from pulumi_policy.proxy import UNKNOWN_ARRAY_VALUE, UNKNOWN_OBJECT_VALUE, UNKNOWN_STRING_VALUE

from tests.policy.edge.conftest import Judge
from tests.policy.edge.stacks import CACHING_DISABLED, CACHING_OPTIMIZED, Shape, compliant
from tests.policy.judge import Finding

RULE = "edge-caching-disabled"
DEFAULT = "defaultCacheBehavior"
ORDERED = "orderedCacheBehaviors"


def of_the_rule(findings: list[Finding]) -> list[Finding]:
    assert {finding.policy for finding in findings} <= {RULE}, "another rule spoke up"
    return findings


def test_caching_disabled_on_every_routed_behaviour_passes(judge: Judge, shape: Shape) -> None:
    assert judge(compliant(), shape) == []


def test_caching_on_the_default_behaviour_is_found(judge: Judge, shape: Shape) -> None:
    deployment = compliant()
    deployment["edge-distribution"].inputs[DEFAULT]["cachePolicyId"] = CACHING_OPTIMIZED

    (finding,) = of_the_rule(judge(deployment, shape))

    assert finding.level == "mandatory"
    for text in ("edge-distribution", DEFAULT, CACHING_OPTIMIZED, "CachingOptimized", CACHING_DISABLED):
        assert text in finding.message


def test_caching_on_an_ordered_behaviour_is_found(judge: Judge, shape: Shape) -> None:
    deployment = compliant()
    deployment["edge-distribution"].inputs[ORDERED][0]["cachePolicyId"] = CACHING_OPTIMIZED

    (finding,) = of_the_rule(judge(deployment, shape))

    assert finding.level == "mandatory"
    assert f"{ORDERED}[0]" in finding.message


def test_a_behaviour_without_any_cache_policy_is_found(judge: Judge, shape: Shape) -> None:
    deployment = compliant()
    del deployment["edge-distribution"].inputs[DEFAULT]["cachePolicyId"]

    (finding,) = of_the_rule(judge(deployment, shape))

    assert finding.level == "mandatory"
    assert "not set" in finding.message


def test_a_policy_of_ones_own_is_no_caching_disabled(judge: Judge, shape: Shape) -> None:
    deployment = compliant()
    deployment["edge-distribution"].inputs[DEFAULT]["cachePolicyId"] = "my-own-policy"

    (finding,) = of_the_rule(judge(deployment, shape))

    assert finding.level == "mandatory"
    assert '"my-own-policy" (not CachingDisabled)' in finding.message


@pytest.mark.parametrize("event", ["viewer-request", "origin-response"])
def test_a_behaviour_with_another_function_may_be_cached(judge: Judge, shape: Shape, event: str) -> None:
    deployment = compliant()
    uncarried = deployment["edge-distribution"].inputs[ORDERED][0]
    uncarried["pathPattern"] = "/pages/*"
    uncarried["lambdaFunctionAssociations"][0]["eventType"] = event
    uncarried["cachePolicyId"] = CACHING_OPTIMIZED

    assert judge(deployment, shape) == []


def test_a_policy_that_is_not_known_yet_is_said_to_be_so_and_blocks_nothing(judge: Judge) -> None:
    deployment = compliant()
    deployment["edge-distribution"].inputs[DEFAULT]["cachePolicyId"] = UNKNOWN_STRING_VALUE

    (finding,) = of_the_rule(judge(deployment, Shape.PREVIEW))

    assert finding.level == "undecided"
    assert "cachePolicyId is not known yet" in finding.message


def test_what_is_not_known_yet_hides_no_violation_beside_it(judge: Judge) -> None:
    deployment = compliant()
    distribution = deployment["edge-distribution"].inputs
    distribution[DEFAULT]["cachePolicyId"] = UNKNOWN_STRING_VALUE
    distribution[ORDERED][0]["cachePolicyId"] = CACHING_OPTIMIZED

    findings = of_the_rule(judge(deployment, Shape.PREVIEW))

    assert sorted(finding.level for finding in findings) == ["mandatory", "undecided"]


@pytest.mark.parametrize(
    ("place", "unknown"),
    [
        ([DEFAULT], UNKNOWN_OBJECT_VALUE),
        ([DEFAULT, "lambdaFunctionAssociations"], UNKNOWN_ARRAY_VALUE),
        ([DEFAULT, "lambdaFunctionAssociations", 0], UNKNOWN_OBJECT_VALUE),
        ([ORDERED], UNKNOWN_ARRAY_VALUE),
        ([ORDERED, 0], UNKNOWN_OBJECT_VALUE),
    ],
)
def test_a_behaviour_of_which_too_little_is_known_is_named(judge: Judge, place: list[str | int], unknown: str) -> None:
    deployment = compliant()
    holder = deployment["edge-distribution"].inputs
    for step in place[:-1]:
        holder = holder[step]  # type: ignore[index]
    holder[place[-1]] = unknown  # type: ignore[index]

    findings = [finding for finding in judge(deployment, Shape.PREVIEW) if finding.policy == RULE]

    assert [finding.level for finding in findings] == ["undecided"]
    assert str(place[0]) in findings[0].message

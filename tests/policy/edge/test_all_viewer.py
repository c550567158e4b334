import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from tests.policy.edge.conftest import Judge
from tests.policy.edge.stacks import ALL_VIEWER, Shape, compliant
from tests.policy.judge import Finding

RULE = "edge-all-viewer"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def of_the_rule(findings: list[Finding]) -> list[Finding]:
    assert {finding.policy for finding in findings} <= {RULE}, "another rule spoke up"
    return findings


def test_all_viewer_on_every_routed_behaviour_passes(judge: Judge, shape: Shape) -> None:
    assert judge(compliant(), shape) == []


def test_all_viewer_except_host_header_on_the_default_behaviour_is_found(judge: Judge, shape: Shape) -> None:
    deployment = compliant()
    deployment["edge-distribution"].inputs["defaultCacheBehavior"]["originRequestPolicyId"] = ALL_VIEWER_EXCEPT_HOST

    (finding,) = of_the_rule(judge(deployment, shape))

    assert finding.level == "mandatory"
    for text in ("edge-distribution", "defaultCacheBehavior", "AllViewerExceptHostHeader", ALL_VIEWER):
        assert text in finding.message


@pytest.mark.parametrize("without", [None, ""])
def test_an_ordered_behaviour_without_the_policy_is_found(judge: Judge, shape: Shape, without: str | None) -> None:
    deployment = compliant()
    ordered = deployment["edge-distribution"].inputs["orderedCacheBehaviors"][0]
    if without is None:
        del ordered["originRequestPolicyId"]
    else:
        ordered["originRequestPolicyId"] = without

    (finding,) = of_the_rule(judge(deployment, shape))

    assert finding.level == "mandatory"
    assert "orderedCacheBehaviors[0]: originRequestPolicyId is not set" in finding.message


def test_a_policy_that_is_not_known_yet_is_said_to_be_so_and_blocks_nothing(judge: Judge) -> None:
    deployment = compliant()
    deployment["edge-distribution"].inputs["defaultCacheBehavior"]["originRequestPolicyId"] = UNKNOWN_STRING_VALUE

    (finding,) = of_the_rule(judge(deployment, Shape.PREVIEW))

    assert finding.level == "undecided"
    assert "originRequestPolicyId is not known yet" in finding.message

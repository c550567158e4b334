from copy import deepcopy

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from tests.policy.edge.conftest import Judge
from tests.policy.edge.stacks import Ref, Shape, Stack, certificate_arn, compliant, distribution, pages
from tests.policy.judge import Finding

RULE = "edge-certificate-region"


def of_the_rule(findings: list[Finding]) -> list[Finding]:
    assert {finding.policy for finding in findings} <= {RULE}, "another rule spoke up"
    return findings


def in_region(region: str) -> Stack:
    stack = compliant()
    stack["certificate"].inputs["region"] = region
    stack["certificate"].made["arn"] = certificate_arn(region)
    return stack


def test_a_certificate_outside_us_east_1_is_found(judge: Judge, shape: Shape) -> None:
    (finding,) = of_the_rule(judge(in_region("eu-west-1"), shape))

    assert finding.level == "mandatory"
    for text in ("edge-distribution", "lies in eu-west-1", "us-east-1"):
        assert text in finding.message


def test_the_region_of_the_provider_counts_where_the_certificate_states_none(judge: Judge, shape: Shape) -> None:
    """A provider's preview says that the region is unknown when the program gave none."""
    stack = compliant()
    stack["certificate"].made["region"] = stack["certificate"].inputs.pop("region")
    assert judge(stack, shape) == []

    stack["default"].inputs["region"] = "eu-west-1"
    stack["certificate"].made |= {"region": "eu-west-1", "arn": certificate_arn("eu-west-1")}

    (finding,) = of_the_rule(judge(stack, shape))
    assert finding.level == "mandatory"
    assert "lies in eu-west-1" in finding.message


def test_the_arn_tells_where_a_certificate_of_another_stack_lies(judge: Judge, shape: Shape) -> None:
    stack = compliant()
    viewer = stack["edge-distribution"].inputs["viewerCertificate"]
    viewer["acmCertificateArn"] = certificate_arn("eu-west-1").replace("12345678", "87654321")

    findings = [finding for finding in judge(stack, shape) if finding.policy == RULE]

    assert [finding.level for finding in findings] == ["mandatory"]
    assert "lies in eu-west-1" in findings[0].message
    assert "arn:" not in findings[0].message


def test_a_distribution_without_a_router_needs_its_certificate_there_too(judge: Judge, shape: Shape) -> None:
    stack = in_region("eu-west-1")
    stack["edge-distribution"] = distribution(pages())

    assert [finding.level for finding in of_the_rule(judge(stack, shape))] == ["mandatory"]


def test_another_certificate_of_the_stack_may_lie_anywhere(judge: Judge, shape: Shape) -> None:
    stack = compliant()
    stack["other"] = deepcopy(stack["certificate"])
    stack["other"].inputs["region"] = "eu-west-1"
    stack["other"].made["arn"] = certificate_arn("eu-west-1").replace("12345678", "87654321")

    assert judge(stack, shape) == []


def test_of_two_candidates_in_us_east_1_it_does_not_matter_which_it_is(judge: Judge) -> None:
    stack = compliant()
    stack["second"] = deepcopy(stack["certificate"])
    stack["edge-distribution"].inputs["viewerCertificate"]["comment"] = Ref("second", "arn")

    assert not [finding for finding in judge(stack) if finding.policy == RULE]


def test_a_region_that_is_not_known_yet_is_said_to_be_so(judge: Judge) -> None:
    stack = compliant()
    stack["certificate"].inputs["region"] = UNKNOWN_STRING_VALUE

    (finding,) = of_the_rule(judge(stack))

    assert finding.level == "undecided"
    assert "region is not known yet" in finding.message

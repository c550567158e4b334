from copy import deepcopy
from typing import Any

import pytest
from pulumi_policy.proxy import UNKNOWN_ARRAY_VALUE, UNKNOWN_OBJECT_VALUE, UNKNOWN_STRING_VALUE

from tests.policy.edge.conftest import Judge
from tests.policy.edge.stacks import Given, Ref, Shape, Stack, certificate_arn, compliant
from tests.policy.judge import Finding

RULE = "edge-wildcard-certificate"


def of_the_rule(findings: list[Finding]) -> list[Finding]:
    assert {finding.policy for finding in findings} <= {RULE}, "another rule spoke up"
    return findings


def with_certificate(**properties: Any) -> Stack:
    deployment = compliant()
    deployment["certificate"].inputs |= properties
    deployment["certificate"].made["subjectAlternativeNames"] = [
        deployment["certificate"].inputs["domainName"],
        *deployment["certificate"].inputs["subjectAlternativeNames"],
    ]
    return deployment


def with_viewer_certificate(properties: dict[str, Any]) -> Stack:
    deployment = compliant()
    if "acmCertificateArn" in properties:
        properties = {"sslSupportMethod": "sni-only", "minimumProtocolVersion": "TLSv1.2_2021", **properties}
    deployment["edge-distribution"].inputs["viewerCertificate"] = properties
    return deployment


def with_aliases(*aliases: str) -> Stack:
    deployment = compliant()
    deployment["edge-distribution"].inputs["aliases"] = list(aliases)
    return deployment


def test_a_certificate_for_the_domain_and_its_wildcard_passes(judge: Judge, shape: Shape) -> None:
    assert judge(compliant(), shape) == []


@pytest.mark.parametrize(
    "names",
    [
        ("*.example.com", ["example.com"]),
        ("EXAMPLE.com.", ["*.Example.COM"]),
        ("other.org", ["*.other.org", "example.com", "*.example.com"]),
    ],
)
def test_the_order_and_spelling_of_the_names_do_not_matter(
    judge: Judge, shape: Shape, names: tuple[str, list[str]]
) -> None:
    assert judge(with_certificate(domainName=names[0], subjectAlternativeNames=names[1]), shape) == []


def test_a_domain_that_another_wildcard_covers_is_covered(judge: Judge, shape: Shape) -> None:
    deployment = with_certificate(domainName="*.dev.example.com", subjectAlternativeNames=["*.example.com"])
    deployment["edge-distribution"].inputs["aliases"] = ["global-api.dev.example.com"]

    assert judge(deployment, shape) == []


@pytest.mark.parametrize(
    ("domain_name", "others", "missing"),
    [
        ("example.com", [], "not for *.example.com."),
        ("global-api.example.com", [], "not for example.com and *.example.com."),
        ("example.com", ["global-api.example.com"], "not for *.example.com."),
        ("*.example.com", [], "not for example.com."),
        ("global-api.example.com", ["*.global-api.example.com"], "not for example.com and *.example.com."),
        ("example.org", ["*.example.org"], "not for example.com and *.example.com."),
    ],
)
def test_a_certificate_that_misses_the_domain_or_its_wildcard_is_found(
    judge: Judge, shape: Shape, domain_name: str, others: list[str], missing: str
) -> None:
    deployment = with_certificate(domainName=domain_name, subjectAlternativeNames=others)

    (finding,) = of_the_rule(judge(deployment, shape))

    assert finding.level == "mandatory"
    for text in (
        "edge-distribution",
        "'certificate'",
        domain_name,
        missing,
        'subject_alternative_names=["*.example.com"]',
    ):
        assert text in finding.message


def test_a_certificate_without_other_names_is_found_although_aws_will_list_them(judge: Judge) -> None:
    """A provider's preview says that the list is unknown when the program gave none."""
    deployment = compliant()
    del deployment["certificate"].inputs["subjectAlternativeNames"]

    (finding,) = of_the_rule(judge(deployment, Shape.PREVIEW))

    assert finding.level == "mandatory"
    assert "is for example.com, not for *.example.com" in finding.message


@pytest.mark.parametrize(
    ("viewer_certificate", "found"),
    [
        ({"cloudfrontDefaultCertificate": True}, "CloudFront's default one"),
        ({}, "CloudFront's default one"),
        ({"iamCertificateId": "ASCA1234"}, "a server certificate of IAM"),
        ({"acmCertificateArn": "", "iamCertificateId": "", "cloudfrontDefaultCertificate": False}, "not set"),
    ],
)
def test_anything_but_an_acm_certificate_is_found(
    judge: Judge, shape: Shape, viewer_certificate: dict[str, Any], found: str
) -> None:
    (finding,) = of_the_rule(judge(with_viewer_certificate(viewer_certificate), shape))

    assert finding.level == "mandatory"
    for text in ("edge-distribution", found, "ACM certificate in us-east-1 for example.com and *.example.com"):
        assert text in finding.message


def test_a_distribution_without_a_viewer_certificate_is_found(judge: Judge, shape: Shape) -> None:
    deployment = compliant()
    del deployment["edge-distribution"].inputs["viewerCertificate"]

    (finding,) = of_the_rule(judge(deployment, shape))

    assert finding.level == "mandatory"


def test_the_certificate_is_found_without_a_validation_between(judge: Judge, shape: Shape) -> None:
    deployment = with_viewer_certificate({"acmCertificateArn": Ref("certificate", "arn")})
    del deployment["validation"]
    del deployment["certificate"].inputs["subjectAlternativeNames"]
    deployment["certificate"].made["subjectAlternativeNames"] = ["example.com"]

    (finding,) = of_the_rule(judge(deployment, shape))

    assert finding.level == "mandatory"


def test_only_the_certificate_of_the_distribution_is_judged(judge: Judge, shape: Shape) -> None:
    deployment = compliant()
    deployment["other"] = deepcopy(deployment["certificate"])
    deployment["other"].inputs |= {"domainName": "example.org", "subjectAlternativeNames": [], "region": "eu-west-1"}
    deployment["other"].made = {"arn": certificate_arn("eu-west-1")}

    assert judge(deployment, shape) == []


def test_of_several_domains_one_is_enough_for_this_rule(judge: Judge, shape: Shape) -> None:
    findings = judge(with_aliases("global-api.example.com", "api.example.org"), shape)

    assert [finding.policy for finding in findings] == ["edge-aliases-covered"]


def test_an_alias_right_under_a_top_level_domain_is_the_domain(judge: Judge, shape: Shape) -> None:
    assert judge(with_aliases("example.com"), shape) == []


def test_the_domain_may_be_configured(judge: Judge, shape: Shape) -> None:
    deployment = with_certificate(domainName="example.co.uk", subjectAlternativeNames=["*.example.co.uk"])
    deployment["edge-distribution"].inputs["aliases"] = ["example.co.uk"]

    assert [finding.level for finding in of_the_rule(judge(deployment, shape))] == ["mandatory"]
    assert judge(deployment, shape, {RULE: {"domain": "example.co.uk"}}) == []


def test_without_an_alias_the_certificate_has_to_be_a_wildcard_of_its_own(judge: Judge, shape: Shape) -> None:
    deployment = with_aliases()
    assert judge(deployment, shape) == []

    deployment["certificate"].inputs["subjectAlternativeNames"] = ["www.example.com"]
    deployment["certificate"].made["subjectAlternativeNames"] = ["www.example.com", "example.com"]

    assert [finding.level for finding in of_the_rule(judge(deployment, shape))] == ["mandatory"]


def test_the_names_of_a_certificate_made_elsewhere_are_said_to_be_unread(judge: Judge, shape: Shape) -> None:
    viewer = {"acmCertificateArn": certificate_arn("us-east-1").replace("12345678", "87654321")}

    (unread,) = of_the_rule(judge(with_viewer_certificate(viewer), shape))

    assert unread.level == "undecided"
    assert "no resource of this stack" in unread.message


def test_a_known_arn_outweighs_what_the_property_depends_on(judge: Judge) -> None:
    viewer = {"acmCertificateArn": "arn:aws:acm:us-east-1:1:certificate/other", "comment": Ref("certificate", "arn")}
    deployment = with_viewer_certificate(viewer)
    deployment["certificate"].made["subjectAlternativeNames"] = []

    (finding,) = of_the_rule(judge(deployment, Shape.STATE))

    assert finding.level == "undecided"
    assert "no resource of this stack" in finding.message


@pytest.mark.parametrize(
    ("resource", "key", "unknown", "said"),
    [
        ("certificate", "domainName", UNKNOWN_STRING_VALUE, "the names of its certificate"),
        ("certificate", "subjectAlternativeNames", UNKNOWN_ARRAY_VALUE, "the names of its certificate"),
        ("certificate", "subjectAlternativeNames", [UNKNOWN_STRING_VALUE], "the names of its certificate"),
        ("edge-distribution", "aliases", UNKNOWN_ARRAY_VALUE, "aliases"),
        ("edge-distribution", "aliases", [UNKNOWN_STRING_VALUE], "aliases"),
        ("edge-distribution", "viewerCertificate", UNKNOWN_OBJECT_VALUE, "viewerCertificate is not known"),
        ("edge-distribution", "viewerCertificate", {"acmCertificateArn": UNKNOWN_STRING_VALUE}, "which certificate"),
    ],
)
def test_what_is_not_known_yet_is_said_to_be_so_and_blocks_nothing(
    judge: Judge, resource: str, key: str, unknown: Any, said: str
) -> None:
    deployment = compliant()
    deployment[resource].inputs[key] = unknown

    (finding,) = [finding for finding in judge(deployment, Shape.PREVIEW) if finding.policy == RULE]

    assert finding.level == "undecided"
    assert "edge-distribution" in finding.message
    assert said in finding.message


def test_a_choice_between_two_certificates_is_left_to_the_deployment(judge: Judge) -> None:
    deployment = compliant()
    deployment["second"] = deepcopy(deployment["certificate"])
    deployment["edge-distribution"].inputs["viewerCertificate"]["comment"] = Ref("second", "arn")

    (finding,) = of_the_rule(judge(deployment, Shape.PREVIEW))

    assert finding.level == "undecided"
    assert "certificate, second" in finding.message or "second, certificate" in finding.message


def test_a_distribution_that_carries_no_router_may_have_any_certificate(judge: Judge, shape: Shape) -> None:
    deployment = with_viewer_certificate({"cloudfrontDefaultCertificate": True})
    distribution = deployment["edge-distribution"].inputs
    del distribution["defaultCacheBehavior"]["lambdaFunctionAssociations"]
    del distribution["orderedCacheBehaviors"]

    assert judge(deployment, shape) == []


def test_one_name_is_enough_where_the_regional_hosts_have_certificates_of_their_own(judge: Judge, shape: Shape) -> None:
    deployment = with_certificate(domainName="global-api.example.com", subjectAlternativeNames=[])
    host = Given("aws:appsync/domainName:DomainName", {"domainName": "ireland.example.com", "region": "eu-west-1"})
    host.inputs["certificateArn"] = certificate_arn("us-east-1").replace("12345678", "87654321")
    deployment["host"] = host
    assert judge(deployment, shape) == []

    host.inputs["certificateArn"] = Ref("certificate", "arn")
    assert [finding.level for finding in of_the_rule(judge(deployment, shape))] == ["mandatory"]

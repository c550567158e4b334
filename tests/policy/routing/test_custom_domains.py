"""The hosts of the router's table as API Gateway has them."""

from typing import Any

import pytest

from tests.policy.edge.stacks import Given, Ref, Shape, Stack
from tests.policy.routing.conftest import Judge
from tests.policy.routing.stacks import seen

CERTIFICATE = "aws:acm/certificate:Certificate"
NO_CHECKS = ("routing-health-check", "advisory")


def http_api(stack: Stack, region: str = "ap-southeast-2", certificate_region: str = "ap-southeast-2") -> None:
    stack["api"] = Given("aws:apigatewayv2/api:Api", {"protocolType": "HTTP", "region": region}, {"id": "abc"})
    certify(stack, certificate_region)
    configuration = {"certificateArn": Ref("own", "arn"), "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"}
    domain: dict[str, Any] = {"domainName": "sydney.example.com", "domainNameConfiguration": configuration}
    stack["domain"] = Given("aws:apigatewayv2/domainName:DomainName", {**domain, "region": "ap-southeast-2"})
    mapping = {"apiId": Ref("api", "id"), "domainName": "sydney.example.com", "stage": "$default"}
    stack["mapping"] = Given("aws:apigatewayv2/apiMapping:ApiMapping", {**mapping, "region": "ap-southeast-2"})


def rest_api(stack: Stack, region: str = "ap-southeast-2", certificate_region: str = "ap-southeast-2") -> None:
    stack["api"] = Given("aws:apigateway/restApi:RestApi", {"region": region}, {"id": "abc"})
    certify(stack, certificate_region)
    domain = {"domainName": "sydney.example.com", "regionalCertificateArn": Ref("own", "arn")}
    stack["domain"] = Given("aws:apigateway/domainName:DomainName", {**domain, "region": "ap-southeast-2"})
    mapping = {"restApi": Ref("api", "id"), "domainName": Ref("domain", "domainName"), "stageName": "v1"}
    stack["mapping"] = Given("aws:apigateway/basePathMapping:BasePathMapping", {**mapping, "region": "ap-southeast-2"})


def certify(stack: Stack, region: str) -> None:
    arn = f"arn:aws:acm:{region}:111122223333:certificate/own"
    stack["own"] = Given(CERTIFICATE, {"domainName": "sydney.example.com", "region": region}, {"arn": arn})


@pytest.fixture(params=[http_api, rest_api], ids=["http", "rest"])
def with_api(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_a_custom_domain_in_its_region_passes(judge: Judge, shape: Shape, with_api: Any):
    stack = seen()
    with_api(stack)

    assert judge(stack, shape) == {NO_CHECKS}


def test_a_custom_domain_without_a_mapping_leads_to_no_api(judge: Judge, shape: Shape, with_api: Any):
    stack = seen()
    with_api(stack)
    del stack["mapping"]

    assert judge(stack, shape) == {NO_CHECKS, ("routing-hosts", "mandatory")}


def test_a_custom_domain_that_leads_to_another_region_is_found(judge: Judge, shape: Shape, with_api: Any):
    stack = seen()
    with_api(stack, region="eu-west-1")

    assert judge(stack, shape) == {NO_CHECKS, ("routing-hosts", "mandatory")}


def test_a_regional_custom_domain_needs_a_certificate_of_its_region(judge: Judge, shape: Shape, with_api: Any):
    stack = seen()
    with_api(stack, certificate_region="us-east-1")

    assert judge(stack, shape) == {NO_CHECKS, ("routing-host-certificates", "mandatory")}


def test_an_edge_optimized_custom_domain_needs_a_certificate_of_us_east_1(judge: Judge, shape: Shape):
    stack = seen()
    rest_api(stack, certificate_region="us-east-1")
    stack["domain"].inputs["certificateArn"] = stack["domain"].inputs.pop("regionalCertificateArn")
    assert judge(stack, shape) == {NO_CHECKS}

    rest_api(stack, certificate_region="ap-southeast-2")
    stack["domain"].inputs["certificateArn"] = stack["domain"].inputs.pop("regionalCertificateArn")
    assert judge(stack, shape) == {NO_CHECKS, ("routing-host-certificates", "mandatory")}

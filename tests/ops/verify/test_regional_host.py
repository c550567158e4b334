from typing import Any

from ops.verify.regional_host import RegionalHost, judge

HOST = "sydney-appsync.example.com"
TARGET = "d-1.cloudfront.net"
GOOD: dict[str, Any] = {
    "domain": {"appsyncDomainName": TARGET, "certificateArn": "arn:aws:acm:us-east-1:1:certificate/c"},
    "association": {"apiId": "api-1", "associationStatus": "SUCCESS"},
    "names": ["*.example.com"],
    "records": [{"Type": "CNAME", "ResourceRecords": [{"Value": TARGET}]}],
    "answered": [TARGET],
}


def seen(**other: Any) -> list[str]:
    return [fault.seen for fault in judge(HOST, "api-1", RegionalHost(**{**GOOD, **other}))]


def test_the_program_s_own_is_good():
    assert seen() == []


def test_an_association_that_failed_says_why():
    association = {"apiId": "api-1", "associationStatus": "FAILED", "deploymentDetail": "no capacity"}

    assert seen(association=association) == [f"the association of {HOST} with api-1 is FAILED: no capacity"]


def test_a_certificate_of_other_names_is_told():
    assert "names example.com: nobody" in seen(names=["example.com"])[0]


def test_dns_that_says_something_else_than_the_zone_is_told():
    assert seen(answered=[]) == [f"public DNS answers nothing for {HOST}, and the zone says {TARGET}"]

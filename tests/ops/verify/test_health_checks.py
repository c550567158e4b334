from typing import Any

from ops.verify.finding import Fault
from ops.verify.health_checks import judge_alarm, judge_combined, judge_drain, judge_endpoint, judge_holders

URL = "https://abc.lambda-url.ap-southeast-2.on.aws/"
ENDPOINT: dict[str, Any] = {
    "Type": "HTTPS",
    "FullyQualifiedDomainName": "abc.lambda-url.ap-southeast-2.on.aws",
    "Port": 443,
    "ResourcePath": "/",
    "RequestInterval": 10,
    "FailureThreshold": 3,
    "EnableSNI": True,
}
DRAIN = {**ENDPOINT, "ResourcePath": "/drain/ireland", "FailureThreshold": 1, "Inverted": True}
ALARM = {
    "Type": "CLOUDWATCH_METRIC",
    "AlarmIdentifier": {"Region": "eu-west-1", "Name": "errors"},
    "InsufficientDataHealthStatus": "Healthy",
}
COMBINED = {"Type": "CALCULATED", "ChildHealthChecks": ["a", "b"], "HealthThreshold": 2}


def seen(faults: Any) -> list[str]:
    return [fault.seen for fault in faults if isinstance(fault, Fault)]


def test_the_program_s_own_are_good():
    assert seen(judge_endpoint(URL, 10, 3, ENDPOINT)) == []
    assert seen(judge_drain("ireland", URL, DRAIN)) == []
    assert seen(judge_alarm("errors", "eu-west-1", ALARM)) == []
    assert seen(judge_combined(["b", "a"], COMBINED)) == []


def test_a_check_of_another_region_s_endpoint_is_told():
    config = {**ENDPOINT, "FullyQualifiedDomainName": "other.on.aws"}

    assert seen(judge_endpoint(URL, 10, 3, config)) == [
        "the check of the endpoint has FullyQualifiedDomainName other.on.aws, not abc.lambda-url.ap-southeast-2.on.aws"
    ]


def test_a_check_that_is_switched_off_is_told():
    assert seen(judge_endpoint(URL, 10, 3, {**ENDPOINT, "Disabled": True})) == [
        "the check of the endpoint has Disabled True, not False"
    ]


def test_a_drain_that_is_not_inverted_is_told():
    config = {name: value for name, value in DRAIN.items() if name != "Inverted"}

    assert seen(judge_drain("ireland", URL, config)) == ["the check of drains has Inverted False, not True"]


def test_an_alarm_of_the_same_name_in_another_region_is_told():
    config = {**ALARM, "AlarmIdentifier": {"Region": "us-east-1", "Name": "errors"}}

    assert seen(judge_alarm("errors", "eu-west-1", config)) == [
        "the check of an alarm has region us-east-1, not eu-west-1"
    ]


def test_of_the_combined_check_each_child_too_few_and_too_many_is_told():
    found = seen(judge_combined(["a", "b"], {**COMBINED, "ChildHealthChecks": ["a", "c"]}))

    assert found == [
        "the combined check lacks b: the region stays in rotation whatever that one says",
        "the combined check has c, which is none of the region's",
    ]


def test_a_combined_check_that_half_of_its_children_satisfy_is_told():
    assert seen(judge_combined(["a", "b"], {**COMBINED, "HealthThreshold": 1})) == [
        "the combined check has HealthThreshold 1, not 2"
    ]


def test_two_other_regions_hold_a_regions_drains_whichever_they_are():
    assert seen(judge_holders("c", ["a", "b", "c"], ["a", "b"])) == []
    assert seen(judge_holders("a", ["d", "c", "b", "a"], ["c", "b"])) == []
    for holders, told in ((["a", "b"], "a, b"), (["b"], "b"), ([], "nothing")):
        assert seen(judge_holders("a", ["a", "b", "c"], holders)) == [
            f"drains of a are looked up in {told}, and should be in 2 of b, c"
        ]
    assert seen(judge_holders("a", ["a"], [])) == []

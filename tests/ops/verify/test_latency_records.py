from typing import Any

from ops.verify.latency_records import Expected, judge_name, judge_region

NAME = "latency-routing.example.com"
EXPECTED = Expected("sydney", "ap-southeast-2", 60, "check-1")
GOOD = {
    "Type": "CNAME",
    "SetIdentifier": "sydney",
    "Region": "ap-southeast-2",
    "TTL": 60,
    "HealthCheckId": "check-1",
    "ResourceRecords": [{"Value": "sydney"}],
}


def seen(**other: Any) -> list[str]:
    return [fault.seen for fault in judge_region(NAME, [{**GOOD, **other}], EXPECTED)]


def test_the_program_s_own_is_good():
    assert seen() == []


def test_a_record_without_its_health_check_keeps_a_dead_region_in_rotation():
    assert seen(HealthCheckId=None) == ["the record of sydney goes by the health check of nobody, not by check-1"]


def test_each_thing_that_is_wrong_with_a_record_is_told():
    assert len(seen(Region="eu-west-1", TTL=5, ResourceRecords=[{"Value": "tokyo"}])) == 3


def test_a_record_of_another_region_is_none_of_this_one_s():
    assert seen(SetIdentifier="tokyo") == [f"{NAME} has no record for sydney: it gets no viewers"]


def test_an_answer_that_is_no_region_s_key_is_told():
    [fault] = judge_name(NAME, [GOOD], ["sydney"], ["d1.cloudfront.net"])

    assert "public DNS answers d1.cloudfront.net" in fault.seen


def test_each_record_too_many_is_told():
    simple = {"Type": "CNAME", "ResourceRecords": [{"Value": "ireland"}]}

    found = list(judge_name(NAME, [GOOD, simple, {**GOOD, "SetIdentifier": "tokyo"}], ["sydney"], ["sydney"]))

    assert len(found) == 2
    assert all("Delete that record" in fault.remedy for fault in found)

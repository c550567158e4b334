from typing import Any

from ops.verify.liveness_records import judge

NAME = "sydney.latency-routing.example.com"
LIVES: dict[str, Any] = {
    "Failover": "PRIMARY",
    "HealthCheckId": "check-1",
    "ResourceRecords": [{"Value": "sydney"}],
}
DEAD: dict[str, Any] = {"Failover": "SECONDARY", "ResourceRecords": [{"Value": "unhealthy.invalid"}]}


def seen(*records: dict[str, Any]) -> list[str]:
    return [fault.seen for fault in judge(NAME, "sydney", records, "check-1", ["ireland", "sydney"])]


def test_a_key_while_the_region_lives_and_none_when_it_is_dead_are_good():
    assert seen(LIVES, DEAD) == []


def test_a_name_without_records_is_told_for_both():
    assert seen() == [
        f"{NAME} says nothing while sydney lives: the router takes it for dead",
        f"{NAME} says nothing when sydney is dead, and the router goes on sending viewers",
    ]


def test_a_record_that_goes_by_no_health_check_is_told():
    assert seen({**LIVES, "HealthCheckId": None}, DEAD) == [
        f"{NAME} goes by the health check of nobody, not by check-1"
    ]


def test_a_key_for_a_dead_region_is_told():
    [fault] = seen(LIVES, {**DEAD, "ResourceRecords": [{"Value": "sydney"}]})

    assert fault.startswith(f"{NAME} says sydney when sydney is dead")

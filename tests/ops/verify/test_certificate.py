from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.verify.certificate import covers, judge

ARN = "arn:aws:acm:us-east-1:1:certificate/c"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
GOOD = {
    "Status": "ISSUED",
    "SubjectAlternativeNames": ["example.com", "*.example.com"],
    "NotAfter": NOW + timedelta(days=200),
}
HOSTS = ["global-api.example.com", "ireland-appsync.example.com"]


def seen(arn: str = ARN, **other: Any) -> list[str]:
    return [fault.seen for fault in judge(arn, {**GOOD, **other}, HOSTS, NOW)]


def test_an_issued_wildcard_of_us_east_1_is_good():
    assert seen() == []


def test_one_that_is_about_to_end_was_not_renewed():
    assert seen(NotAfter=NOW + timedelta(days=20)) == [f"{ARN} ends on 2026-12-11, and was not renewed"]


def test_one_that_is_not_issued_is_told():
    assert seen(Status="PENDING_VALIDATION", NotAfter=None) == [f"{ARN} is PENDING_VALIDATION"]


def test_every_host_that_it_does_not_cover_is_named():
    [fault] = seen(SubjectAlternativeNames=["*.example.com", "example.com"][1:])

    assert "does not cover global-api.example.com, ireland-appsync.example.com" in fault


def test_one_of_another_region_is_told():
    [fault] = seen(ARN.replace("us-east-1", "eu-west-1"))

    assert "lies in eu-west-1" in fault


@pytest.mark.parametrize(
    ("pattern", "host", "does"),
    [
        ("*.example.com", "a.example.com", True),
        ("*.Example.com", "A.example.com", True),
        ("*.example.com", "a.b.example.com", False),
        ("*.example.com", "example.com", False),
        ("example.com", "example.com", True),
    ],
)
def test_a_wildcard_stands_for_one_label(pattern: str, host: str, does: bool):  # noqa: FBT001 - a table's column
    assert covers(pattern, host) is does

from datetime import UTC, datetime
from typing import Any

import pytest

from region.health.checks import CannotTellError
from region.health.stream import BehindError, Stream


class CloudWatch:
    """The ages of the last minutes in milliseconds, the newest first; `error` in their place."""

    def __init__(self) -> None:
        self.ages: list[float] = [120.0]
        self.error: Exception | None = None
        self.now = 1_800_000_000.0
        self.readings = 0
        self.stream = Stream(self, "ireland-fan-out", lambda: self.now)

    def get_metric_data(self, **call: Any) -> dict[str, Any]:
        self.readings += 1
        if self.error:
            raise self.error
        (query,) = call["MetricDataQueries"]
        metric = query["MetricStat"]["Metric"]
        assert (metric["Namespace"], metric["MetricName"]) == ("AWS/Lambda", "IteratorAge")
        assert metric["Dimensions"] == [{"Name": "FunctionName", "Value": "ireland-fan-out"}]
        assert call["EndTime"] == datetime.fromtimestamp(self.now, UTC)
        assert call["ScanBy"] == "TimestampDescending"
        return {"MetricDataResults": [{"Id": "age", "Values": self.ages}]}


@pytest.fixture
def cloudwatch() -> CloudWatch:
    return CloudWatch()


def test_a_fan_out_that_keeps_up_is_fine(cloudwatch: CloudWatch) -> None:
    cloudwatch.ages = [300_000.0, 900_000.0]

    cloudwatch.stream.check()


def test_one_that_is_over_five_minutes_behind_is_not_and_its_newest_age_counts(cloudwatch: CloudWatch) -> None:
    cloudwatch.ages = [300_001.0, 0.0]

    with pytest.raises(BehindError, match="300 s behind"):
        cloudwatch.stream.check()


def test_where_nothing_changes_nobody_can_tell(cloudwatch: CloudWatch) -> None:
    cloudwatch.ages = []

    with pytest.raises(CannotTellError):
        cloudwatch.stream.check()


def test_nor_while_cloudwatch_fails_and_it_is_not_asked_again_by_every_probe(cloudwatch: CloudWatch) -> None:
    cloudwatch.error = OSError("hangs")
    for _ in range(10):
        with pytest.raises(CannotTellError):
            cloudwatch.stream.check()
        cloudwatch.now += 2.9
    assert cloudwatch.readings == 1

    cloudwatch.error = None
    cloudwatch.now += 1
    cloudwatch.stream.check()


def test_an_age_is_read_twice_a_minute(cloudwatch: CloudWatch) -> None:
    for _ in range(20):
        cloudwatch.stream.check()
        cloudwatch.now += 3

    assert cloudwatch.readings == 2

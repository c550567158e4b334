"""Whether the region's subscribers hear of changes in time: how far its fan-out is behind the tables' streams."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from .checks import CannotTellError

_LONGEST_AGE = 300_000  # milliseconds
_PERIOD = 60  # seconds; Lambda reports each minute
_LOOK_BACK = timedelta(minutes=10)
# CloudWatch asks a price for each reading, and has nothing new to say before the minute is over.
_FRESH = 30.0  # seconds


class BehindError(Exception):
    """Changes wait in a stream for longer than a subscriber should."""


class Stream:
    """The age of the last records that the fan-out was given: Lambda's metric IteratorAge.

    Source: "Types of metrics for Lambda functions" in the AWS Lambda Developer Guide.

    Args:
        client: of CloudWatch.
        function: the fan-out's physical name.
        clock: seconds since 1970.
    """

    def __init__(self, client: Any, function: str, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._function = function
        self._clock = clock
        self._age: float | None = None
        self._read_at = float("-inf")

    def check(self) -> None:
        """Reads the age, seldom.

        Raises:
            BehindError: it is over five minutes.
            CannotTellError: CloudWatch does not answer, or has no such figure: none is reported where nothing changes.
        """
        if not 0 <= self._clock() - self._read_at < _FRESH:
            # Whatever comes of it: while CloudWatch hangs, not every probe is to wait for it.
            self._age, self._read_at = None, self._clock()
            try:
                self._age = self._newest()
            except Exception as error:  # noqa: BLE001 - whatever keeps CloudWatch from answering
                raise CannotTellError(f"CloudWatch: {type(error).__name__}: {error}") from None
        if self._age is None:
            raise CannotTellError("no age of late")
        if self._age > _LONGEST_AGE:
            raise BehindError(f"the fan-out is {self._age / 1000:.0f} s behind")

    def _newest(self) -> float | None:
        """In milliseconds; None where there is none."""
        metric = {
            "Namespace": "AWS/Lambda",
            "MetricName": "IteratorAge",
            "Dimensions": [{"Name": "FunctionName", "Value": self._function}],
        }
        now = datetime.fromtimestamp(self._clock(), UTC)
        answer = self._client.get_metric_data(
            MetricDataQueries=[{"Id": "age", "MetricStat": {"Metric": metric, "Period": _PERIOD, "Stat": "Maximum"}}],
            StartTime=now - _LOOK_BACK,
            EndTime=now,
            ScanBy="TimestampDescending",
        )
        values = answer["MetricDataResults"][0]["Values"] if answer["MetricDataResults"] else []
        return float(values[0]) if values else None

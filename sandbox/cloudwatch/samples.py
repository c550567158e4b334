"""What was measured of a metric within some time, and the statistics of it."""

import math
import re

_PERCENTILE = re.compile(r"p(100|\d{1,2}(\.\d{1,10})?)")
_DIGITS = 3  # of a value that the distribution keeps: some hundred values for each power of ten, and not any number


class UnknownStatisticError(Exception):
    """The sandbox does not have this statistic; the message says which it has."""


class Samples:
    """The number of values, their sum, the smallest, the largest, and how they are distributed."""

    __slots__ = ("_distribution", "count", "maximum", "minimum", "total")

    def __init__(self) -> None:
        self._distribution: dict[float, float] = {}
        self.clear()

    def clear(self) -> None:
        """Forgets all values."""
        self.count = self.total = 0.0
        self.minimum, self.maximum = math.inf, -math.inf
        self._distribution.clear()

    def add(self, value: float, count: float = 1.0) -> None:
        """Adds `value`, measured `count` times."""
        self.count += count
        self.total += value * count
        self.minimum, self.maximum = min(self.minimum, value), max(self.maximum, value)
        kept = _rounded(value)
        self._distribution[kept] = self._distribution.get(kept, 0.0) + count

    def add_set(self, *, count: float, total: float, minimum: float, maximum: float) -> None:
        """Adds values of which only this is known: a StatisticSet, which has no percentiles."""
        self.count += count
        self.total += total
        self.minimum, self.maximum = min(self.minimum, minimum), max(self.maximum, maximum)

    def merge(self, other: "Samples") -> None:
        """Adds all that `other` has."""
        self.add_set(count=other.count, total=other.total, minimum=other.minimum, maximum=other.maximum)
        for value, count in other._distribution.items():  # noqa: SLF001 - its own class
            self._distribution[value] = self._distribution.get(value, 0.0) + count

    def statistic(self, name: str) -> float | None:
        """The statistic of this name; None for a percentile of values that were given as statistics.

        Source: "CloudWatch statistics definitions" in the Amazon CloudWatch User Guide.

        Raises:
            UnknownStatisticError: it is none that the sandbox has.
        """
        match name:
            case "SampleCount":
                return self.count
            case "Sum":
                return self.total
            case "Average":
                return self.total / self.count
            case "Minimum":
                return self.minimum
            case "Maximum":
                return self.maximum
        require_known(name)
        return self._percentile(float(name[1:]))

    def _percentile(self, percent: float) -> float | None:
        known = sum(self._distribution.values())
        if known < self.count:
            return None
        wanted, passed = known * percent / 100, 0.0
        for value, count in sorted(self._distribution.items()):
            passed += count
            if passed >= wanted:
                return min(max(value, self.minimum), self.maximum)
        return self.maximum


def require_known(statistic: str) -> None:
    """Raises `UnknownStatisticError` for a statistic that `Samples` cannot tell."""
    if statistic not in ("SampleCount", "Sum", "Average", "Minimum", "Maximum") and not _PERCENTILE.fullmatch(
        statistic
    ):
        raise UnknownStatisticError(
            f"the sandbox does not emulate the statistic {statistic!r}: it has SampleCount, Sum, Average, Minimum, "
            "Maximum and percentiles such as p99.9"
        )


def _rounded(value: float) -> float:
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))

"""The round trips that all people of the data get, when each city is served by a given region.

A percentile is of people, not of cities: with p90 at 100 ms, nine of ten people wait 100 ms or less. The round trip is
the city's own to the region, as CloudFront sends what it does not cache from the edge location straight to the origin
("How CloudFront works with regional edge caches" in the Amazon CloudFront Developer Guide).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from geography import CITIES

PERCENTILES = (50, 90, 99)


@dataclass(frozen=True)
class Latency:
    """Milliseconds there and back; `percentiles` by 50, 90 and 99."""

    mean: float
    percentiles: Mapping[int, float]
    worst: float
    worst_city: str


def latency(served: Mapping[str, str]) -> Latency:
    """What people get where `served` names the AWS region of each city."""
    times = sorted((CITIES[city].rtt[region], city) for city, region in served.items())
    people = sum(CITIES[city].population for _, city in times)
    worst, worst_city = times[-1]
    return Latency(
        mean=sum(CITIES[city].population * ms for ms, city in times) / people,
        percentiles={percent: _percentile(times, people * percent / 100) for percent in PERCENTILES},
        worst=worst,
        worst_city=worst_city,
    )


def _percentile(times: list[tuple[float, str]], people: float) -> float:
    """The time within which so many `people` have their answer."""
    counted = 0
    for ms, city in times:
        counted += CITIES[city].population
        if counted >= people:
            return ms
    return times[-1][0]

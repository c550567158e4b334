"""The round trips that all people of the data get, when each city is served by a given region.

A percentile is of people, not of cities: with p90 at 100 ms, nine of ten people wait 100 ms or less.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geography import CITIES, City, city_of_region, edge_cache_of

PERCENTILES = (50, 90, 99)


@dataclass(frozen=True)
class Latency:
    """Milliseconds there and back; `percentiles` by 50, 90 and 99."""

    mean: float
    percentiles: Mapping[int, float]
    worst: float
    worst_city: str


def straight(city: City, region: str) -> float:
    """The round trip from the city's edge location to the region.

    So CloudFront sends what it does not cache ("How CloudFront works with regional edge caches" in the Amazon
    CloudFront Developer Guide: dynamic requests and proxy methods do not flow through them).
    """
    return city.rtt[region]


def by_edge_cache(city: City, region: str) -> float:
    """The same by way of the city's regional edge cache."""
    cache = edge_cache_of(city)
    return city.rtt[cache] + city_of_region(cache).rtt[region]


def latency(served: Mapping[str, str], way: Callable[[City, str], float] = straight) -> Latency:
    """What people get where `served` names the AWS region of each city, and `way` the time to it."""
    times = sorted((way(CITIES[city], region), city) for city, region in served.items())
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

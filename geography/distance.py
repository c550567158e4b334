"""Distance on the globe, which some routers go by, and which says less about time than one would think."""

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from geography import City, city_of_region

_EARTH_KM = 6371.0  # mean radius


def kilometres(one: City, other: City) -> float:
    """Along the great circle, by the haversine formula."""
    here, there = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    chord = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(chord))


def closest(city: City, regions: Iterable[str]) -> str:
    """The one of `regions` with the shortest way over the globe; of equals, the first by name."""
    return min(regions, key=lambda region: (kilometres(city, city_of_region(region)), region))

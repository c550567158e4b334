"""Where cities, AWS regions and regional edge caches lie, and how long a packet takes between them.

The times are measured means (data/README.md): right for ranking regions, rough for absolute milliseconds.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "city_region_rtt_ms.csv"
_AT_HOME = 2.0  # a city's time to the region that lies in it, and to no other (data/README.md)

# The regions where CloudFront runs origin-request functions, in the order of the DNS ports.
REGIONAL_EDGE_CACHES = (
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-central-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "sa-east-1",
)


@dataclass(frozen=True)
class City:
    """A city of the data set, its place in degrees; `rtt` maps an AWS region to milliseconds there and back."""

    name: str
    country: str
    latitude: float
    longitude: float
    population: int
    rtt: dict[str, float]


@cache
def _load() -> dict[str, City]:
    facts = {"city", "country", "latitude", "longitude", "population"}
    with _DATA.open(encoding="utf-8", newline="") as file:
        return {
            row["city"]: City(
                row["city"],
                row["country"],
                float(row["latitude"]),
                float(row["longitude"]),
                int(row["population"]),
                {column: float(value) for column, value in row.items() if column not in facts},
            )
            for row in csv.DictReader(file)
        }


CITIES = _load()
REGIONS = tuple(next(iter(CITIES.values())).rtt)


def nearest(city: City, regions: Iterable[str]) -> str:
    """The one of `regions` with the shortest round trip from `city`; of equals, the first by name."""
    return min(regions, key=lambda region: (city.rtt[region], region))


def edge_cache_of(city: City) -> str:
    """The regional edge cache behind the city's edge location: where its viewers' requests are routed."""
    return nearest(city, REGIONAL_EDGE_CACHES)


@cache
def city_of_region(region: str) -> City:
    """The city in which `region` lies.

    Raises:
        KeyError: the data has no such region.
    """
    return next(city for city in CITIES.values() if city.rtt[region] == _AT_HOME)

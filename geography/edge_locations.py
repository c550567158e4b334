"""The codes by which CloudFront names its edge locations: IATA's codes of airports near them (data/README.md)."""

import csv
from functools import cache
from pathlib import Path

from geography import CITIES, City

_DATA = Path(__file__).parent / "data" / "edge_locations.csv"


@cache
def _load() -> dict[str, tuple[str, ...]]:
    with _DATA.open(encoding="utf-8", newline="") as file:
        return {row["city"]: tuple(row["codes"].split()) for row in csv.DictReader(file)}


def codes_of(city: City) -> tuple[str, ...]:
    """Each code of an edge location for which the city's round trips stand; never empty."""
    return _load()[city.name]


def code_of(city: City) -> str:
    """The code of the city's own edge location (`LHR` for London)."""
    return codes_of(city)[0]


@cache
def cities_by_code() -> dict[str, City]:
    """Which city's round trips stand for the edge location with a code, for every code there is."""
    return {code: CITIES[name] for name, codes in _load().items() for code in codes}

"""Which of a stack's regions are near, by measured round trips: what the edge goes by where DNS does not tell it."""

from collections.abc import Mapping

from geography import REGIONS, City, city_of_region


def by_region(regions: Mapping[str, str]) -> dict[str, list[str]]:
    """Each AWS region of the data -> the keys of `regions` (key -> AWS region), nearest first."""
    return {region: nearest_first(city_of_region(region), regions) for region in sorted(REGIONS)}


def nearest_first(city: City, regions: Mapping[str, str]) -> list[str]:
    """The keys of `regions`, nearest to `city` first; one that the data does not know comes last."""
    return sorted(regions, key=lambda key: (city.rtt.get(regions[key], float("inf")), regions[key]))

"""In which order the CloudFront Function tries the regions, for each place that it can know a viewer to be at."""

from collections.abc import Sequence

from components import nearness
from components.config_region_options import WHOLE_DIAL
from components.topology import Region
from geography import REGIONAL_EDGE_CACHES, City, city_of_region
from geography.edge_locations import cities_by_code

LARGEST_VALUE = 1024  # bytes; "Quotas on key value stores" in the Amazon CloudFront Developer Guide
_STORED = 8  # regions a place: with keys and dials of the greatest length a third of the largest value
_BAKED = 3


def stored(regions: Sequence[Region]) -> dict[str, str]:
    """What the function's store holds: the codes of all edge locations and the names of all regional edge caches, to
    the keys of `regions`, nearest first, each with its dial where it has one: `ireland sydney:40 tokyo`.
    """
    places = {code: _order(city, regions, _STORED) for code, city in cities_by_code().items()}
    return {**places, **_of_caches(regions, _STORED)}


def baked(regions: Sequence[Region]) -> dict[str, str]:
    """The same for regional edge caches alone, and shorter: what the function goes by while its store is empty."""
    return _of_caches(regions, _BAKED)


def _of_caches(regions: Sequence[Region], most: int) -> dict[str, str]:
    return {cache: _order(city_of_region(cache), regions, most) for cache in REGIONAL_EDGE_CACHES}


def _order(city: City, regions: Sequence[Region], most: int) -> str:
    by_key = {region.key: region for region in regions}
    keys = nearness.nearest_first(city, {region.key: region.name for region in regions})
    return " ".join(_entry(by_key[key]) for key in keys[:most])


def _entry(region: Region) -> str:
    return region.key if region.dial == WHOLE_DIAL else f"{region.key}:{region.dial}"

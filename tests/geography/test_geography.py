from dataclasses import replace

import pytest

from geography import (
    CITIES,
    REGIONAL_EDGE_CACHES,
    REGIONS,
    city_of_region,
    edge_cache_of,
    nearest,
)


def test_the_data_has_all_cities_and_regions():
    assert len(CITIES) == 237
    assert len(REGIONS) == 33
    assert set(REGIONAL_EDGE_CACHES) <= set(REGIONS)


@pytest.mark.parametrize(
    ("city", "region"),
    [
        ("London", "eu-west-2"),
        ("Melbourne", "ap-southeast-2"),
        ("New York", "us-east-1"),
        ("Tokyo", "ap-northeast-1"),
        ("Sao Paulo", "sa-east-1"),
    ],
)
def test_a_city_enters_at_the_nearest_regional_edge_cache(city: str, region: str):
    assert edge_cache_of(CITIES[city]) == region


def test_no_edge_cache_is_nearer_than_the_one_a_city_enters_at():
    for city in CITIES.values():
        assert city.rtt[edge_cache_of(city)] == min(city.rtt[region] for region in REGIONAL_EDGE_CACHES)


def test_of_equally_near_regions_the_first_by_name_is_taken():
    city = CITIES["London"]
    twins = replace(city, rtt={"b-1": 5.0, "a-1": 5.0, "c-1": 4.0})

    assert nearest(twins, ["b-1", "a-1"]) == "a-1"
    assert nearest(twins, ["b-1", "c-1"]) == "c-1"


@pytest.mark.parametrize(
    ("region", "city"),
    [("us-east-1", "Washington"), ("ap-northeast-1", "Tokyo"), ("eu-west-1", "Dublin"), ("af-south-1", "Cape Town")],
)
def test_a_region_lies_in_a_city(region: str, city: str):
    assert city_of_region(region).name == city


def test_every_region_lies_in_a_city_of_its_own():
    assert len({city_of_region(region).name for region in REGIONS}) == len(REGIONS)


def test_a_region_without_data_is_an_error():
    with pytest.raises(KeyError, match="us-gov-west-1"):
        city_of_region("us-gov-west-1")

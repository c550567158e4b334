from collections import Counter

import pytest

from geography import CITIES, edge_cache_of
from geography.edge_locations import cities_by_code, code_of, codes_of


def test_every_city_has_codes_of_three_letters():
    for city in CITIES.values():
        assert codes_of(city)
        assert all(len(code) == 3 and code.isascii() and code.isalpha() and code.isupper() for code in codes_of(city))


def test_no_two_cities_share_a_code():
    counts = Counter(code for city in CITIES.values() for code in codes_of(city))

    assert [code for code, count in counts.items() if count > 1] == []


def test_a_city_is_found_by_each_of_its_codes():
    for city in CITIES.values():
        assert all(cities_by_code()[code] is city for code in codes_of(city))


@pytest.mark.parametrize(
    ("city", "code"),
    [
        ("London", "LHR"),
        ("Washington", "IAD"),
        ("New York", "JFK"),
        ("Tokyo", "NRT"),
        ("Cape Town", "CPT"),
        ("Milan", "MXP"),
    ],
)
def test_a_city_s_own_edge_location_is_named_as_cloudfront_does(city: str, code: str):
    assert code_of(CITIES[city]) == code


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("EWR", "us-east-1"),
        ("BOM", "ap-south-1"),
        ("HIO", "us-west-2"),
        ("SJC", "us-west-1"),
        ("GIG", "sa-east-1"),
        ("YTO", "us-east-1"),
    ],
)
def test_an_edge_location_s_times_are_those_of_its_part_of_the_world(code: str, region: str):
    assert edge_cache_of(cities_by_code()[code]) == region

from itertools import combinations

import pytest

from geography import CITIES, REGIONS
from geography.good_sets import good_set

FEW = ["af-south-1", "ap-northeast-1", "ap-southeast-2", "eu-central-1", "eu-west-2", "sa-east-1", "us-east-1"]


def total(regions: tuple[str, ...]) -> float:
    return sum(city.population * min(city.rtt[region] for region in regions) for city in CITIES.values())


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_good_set_is_the_best_of_all_sets_of_its_size(count: int):
    assert good_set(count, FEW) == min(combinations(FEW, count), key=total)


@pytest.mark.parametrize("count", [3, 8])
def test_no_exchange_of_one_region_betters_a_good_set(count: int):
    found = good_set(count, REGIONS)

    assert len(set(found)) == count
    for region in found:
        rest = tuple(other for other in found if other != region)
        others = set(REGIONS) - set(found)
        assert all(total(found) <= total((*rest, other)) for other in others)


def test_a_set_is_the_same_whatever_the_order_of_the_candidates():
    assert good_set(3, FEW) == good_set(3, FEW[::-1])

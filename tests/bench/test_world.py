import pytest

from bench.served import FALLBACK, FUNCTION, LOCATION, OPTIMUM, REGION, policies
from bench.world import PASSED, astray, sets, worst_excess
from geography import CITIES
from geography.latency import latency


@pytest.mark.parametrize("regions", sets(), ids=len)
def test_a_good_set_of_regions_is_served_as_promised(regions: tuple[str, ...]):
    """`location` within 1 % of the optimum at every percentile, `region` the best as seen from the edge cache."""
    served = policies(regions)

    assert worst_excess(served) <= 1.01
    assert not astray(regions, served[REGION])
    assert all(set(each) == set(CITIES) for each in served.values())


def test_no_policy_betters_the_optimum():
    served = policies(("ap-northeast-3", "eu-central-1", "us-east-1"))

    assert min(latency(each).mean for each in served.values()) == latency(served[OPTIMUM]).mean


def test_cape_town_goes_to_the_region_next_door_wherever_its_own_place_counts():
    served = {name: each["Cape Town"] for name, each in policies(PASSED).items()}

    assert (served[REGION], served[FALLBACK]) == ("eu-west-1", "eu-west-1")
    assert (served[LOCATION], served[FUNCTION]) == ("af-south-1", "af-south-1")

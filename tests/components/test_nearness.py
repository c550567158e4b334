from components import nearness
from geography import CITIES, REGIONS, city_of_region

TWO = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}


def test_every_region_of_the_data_has_every_region_of_the_stack_nearest_first() -> None:
    nearest = nearness.by_region(TWO)

    assert set(nearest) == set(REGIONS)
    for region, keys in nearest.items():
        times = [city_of_region(region).rtt[TWO[key]] for key in keys]
        assert (sorted(keys), times) == (["ireland", "sydney"], sorted(times))


def test_a_region_is_nearest_to_itself() -> None:
    every = {region: region for region in REGIONS}

    assert {region: keys[0] for region, keys in nearness.by_region(every).items()} == every


def test_a_region_that_the_data_does_not_know_comes_last() -> None:
    assert nearness.nearest_first(CITIES["Sydney"], {"new": "xx-new-1", **TWO}) == ["sydney", "ireland", "new"]


def test_the_order_does_not_depend_on_how_the_regions_are_written() -> None:
    assert nearness.by_region(TWO) == nearness.by_region(dict(reversed(TWO.items())))

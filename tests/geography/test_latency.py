import pytest

from geography import CITIES, nearest
from geography.latency import latency


def test_a_percentile_is_of_people_not_of_cities():
    people = sum(city.population for city in CITIES.values())
    found = latency(dict.fromkeys(CITIES, "eu-west-2"))

    for percent, ms in found.percentiles.items():
        within = sum(city.population for city in CITIES.values() if city.rtt["eu-west-2"] <= ms)
        below = sum(city.population for city in CITIES.values() if city.rtt["eu-west-2"] < ms)
        assert below < people * percent / 100 <= within


def test_one_city_alone_is_its_own_mean_percentile_and_worst():
    rtt = CITIES["London"].rtt["eu-west-1"]

    found = latency({"London": "eu-west-1"})

    assert found.mean == pytest.approx(rtt)
    assert found.percentiles == {50: rtt, 90: rtt, 99: rtt}
    assert (found.worst, found.worst_city) == (rtt, "London")


def test_the_mean_is_of_all_people():
    served = {"London": "eu-west-1", "Melbourne": "ap-southeast-2"}
    cities = [(CITIES[name], CITIES[name].rtt[region]) for name, region in served.items()]

    expected = sum(city.population * ms for city, ms in cities) / sum(city.population for city, _ in cities)
    assert latency(served).mean == pytest.approx(expected)


def test_no_way_of_serving_has_a_shorter_mean_than_each_city_at_its_nearest_region():
    regions = ["us-east-1", "eu-west-1", "ap-southeast-2"]
    ideal = latency({name: nearest(city, regions) for name, city in CITIES.items()})

    assert all(ideal.mean < latency(dict.fromkeys(CITIES, region)).mean for region in regions)

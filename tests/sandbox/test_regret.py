import pytest

from geography import CITIES, nearest
from sandbox.regret import regret, served_by_latency_records, served_by_location

PUBLISHED = ["eu-west-1", "ap-southeast-2"]


def test_one_region_leaves_nothing_to_regret():
    found = regret(served_by_latency_records(["eu-west-1"]), ["eu-west-1"])

    assert not found.cities
    assert (found.people, found.mean_ms) == (0, 0)
    assert str(found) == "all 237 cities are served by their nearest region"


def test_a_city_served_by_its_nearest_region_regrets_nothing():
    ideal = {name: nearest(city, PUBLISHED) for name, city in CITIES.items()}

    assert not regret(ideal, PUBLISHED).cities


def test_a_city_served_by_another_region_regrets_the_difference():
    ideal = {name: nearest(city, PUBLISHED) for name, city in CITIES.items()}

    found = regret(ideal | {"London": "ap-southeast-2"}, PUBLISHED)

    london = CITIES["London"]
    people = sum(city.population for city in CITIES.values())
    lost = london.rtt["ap-southeast-2"] - london.rtt["eu-west-1"]
    assert found.cities == {"London": pytest.approx(lost)}
    assert found.people == pytest.approx(london.population / people)
    assert found.mean_ms == pytest.approx(lost * london.population / people)


def test_cape_town_is_sent_past_the_region_next_door():
    """Its regional edge cache lies in Europe: what latency records cannot know."""
    regions = ["us-east-1", "eu-west-1", "af-south-1"]
    served = served_by_latency_records(regions)

    assert served["Cape Town"] == "eu-west-1"
    assert regret(served, regions).cities["Cape Town"] > 200


def test_the_text_tells_how_many_how_much_and_the_worst():
    assert str(regret(served_by_latency_records(PUBLISHED), PUBLISHED)).startswith("18 of 237 cities (")


def test_nobody_who_is_served_by_location_loses_anything():
    assert regret(served_by_location(PUBLISHED), PUBLISHED).people == 0

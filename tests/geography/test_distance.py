import pytest

from geography import CITIES
from geography.distance import closest, kilometres


def test_the_distance_is_along_the_great_circle():
    assert kilometres(CITIES["London"], CITIES["Sydney"]) == pytest.approx(16_990, rel=0.01)
    assert kilometres(CITIES["Sydney"], CITIES["London"]) == pytest.approx(16_990, rel=0.01)


def test_the_distance_over_the_date_line_is_the_short_one():
    assert kilometres(CITIES["Auckland"], CITIES["Honolulu"]) == pytest.approx(7_090, rel=0.01)


def test_the_closest_region_lies_the_fewest_kilometres_away():
    assert closest(CITIES["Cape Town"], ["us-east-1", "eu-west-1", "af-south-1"]) == "af-south-1"
    assert closest(CITIES["Melbourne"], ["eu-west-1", "ap-southeast-2"]) == "ap-southeast-2"

from typing import Any

import pytest
from table import Table

ROUTES: dict[str, Any] = {
    "record": "latency-routing.example.com",
    "zone": "example.com",
    "routing": "region",
    "regions": {
        "ireland": {"host": "ireland-appsync.example.com", "region": "eu-west-1"},
        "sydney": {"host": "sydney-appsync.example.com", "region": "ap-southeast-2", "dial": 40},
        "tokyo": {"host": "tokyo-appsync.example.com", "region": "ap-northeast-1", "dial": 0},
    },
    "nearest": {"eu-west-2": ["ireland", "tokyo", "sydney"], "ap-southeast-2": ["sydney", "tokyo", "ireland"]},
    "diagnostics": True,
}


def test_the_table_knows_each_regions_host_in_the_order_that_was_deployed():
    assert list(Table(ROUTES, None).hosts.items()) == [
        ("ireland", "ireland-appsync.example.com"),
        ("sydney", "sydney-appsync.example.com"),
        ("tokyo", "tokyo-appsync.example.com"),
    ]


def test_a_router_falls_back_to_the_region_nearest_to_it():
    table = Table(ROUTES, "ap-southeast-2")

    assert table.fallback == ("sydney", "nearest")
    assert table.order == ("sydney", "tokyo", "ireland")


@pytest.mark.parametrize("executing", [None, "mars-north-1"])
def test_a_router_at_a_place_of_unknown_distances_falls_back_to_the_first_region(executing: str | None):
    table = Table(ROUTES, executing)

    assert table.fallback == ("ireland", "any")
    assert table.order == ("ireland", "sydney", "tokyo")


def test_a_region_that_is_gone_from_the_table_is_near_to_nothing():
    regions = {key: ROUTES["regions"][key] for key in ("ireland", "tokyo")}

    table = Table(ROUTES | {"regions": regions}, "ap-southeast-2")

    assert table.fallback == ("tokyo", "nearest")
    assert table.order == ("tokyo", "ireland")


def test_a_region_without_a_distance_comes_last():
    table = Table(ROUTES | {"nearest": {"eu-west-2": ["tokyo"]}}, "eu-west-2")

    assert table.order == ("tokyo", "ireland", "sydney")


def test_an_empty_table_has_no_fallback():
    table = Table(ROUTES | {"regions": {}}, "eu-west-2")

    assert table.fallback is None
    assert table.order == ()


def test_only_regions_with_a_dial_have_one():
    assert Table(ROUTES, None).dials == {"sydney": 40, "tokyo": 0}


def test_writes_go_to_a_region_of_the_table_or_nowhere_special():
    assert Table(ROUTES | {"writes": "tokyo"}, None).writes == "tokyo"
    assert Table(ROUTES | {"writes": "oregon"}, None).writes is None
    assert Table(ROUTES, None).writes is None


def test_the_zone_matters_only_where_dns_is_asked_for_the_viewers_place():
    assert Table(ROUTES, None).zone is None
    assert Table(ROUTES | {"routing": "location"}, None).zone == "example.com"


def test_all_options_are_off_in_a_table_that_does_not_name_them():
    table = Table({"record": ROUTES["record"], "regions": ROUTES["regions"]}, "eu-west-2")

    assert (table.sticky, table.writes, table.zone, table.diagnostics) == (None, None, None, False)
    assert table.record == "latency-routing.example.com"


def test_the_table_says_what_is_on():
    table = Table(ROUTES | {"sticky": "cookie"}, None)

    assert (table.sticky, table.diagnostics) == ("cookie", True)


def test_a_table_has_a_record_for_those_regions_of_which_dns_tells_whether_they_are_alive():
    regions = {**ROUTES["regions"], "ireland": {**ROUTES["regions"]["ireland"], "alive": "ireland.example.com"}}

    assert Table(ROUTES | {"regions": regions}, None).alive == {"ireland": "ireland.example.com"}
    assert Table(ROUTES, None).alive == {}

from components import edge_orders
from components.topology import Region
from geography import REGIONAL_EDGE_CACHES, REGIONS, city_of_region
from geography.edge_locations import cities_by_code

IRELAND = Region("ireland", "eu-west-1", "ireland-appsync.example.com")
SYDNEY = Region("sydney", "ap-southeast-2", "sydney-appsync.example.com", dial=40)


def test_the_store_has_an_order_for_every_edge_location_and_every_regional_edge_cache() -> None:
    stored = edge_orders.stored([IRELAND, SYDNEY])

    assert set(stored) == {*cities_by_code(), *REGIONAL_EDGE_CACHES}
    assert stored["LHR"] == stored["eu-west-2"] == "ireland sydney:40"
    assert stored["MEL"] == stored["ap-southeast-2"] == "sydney:40 ireland"


def test_every_order_begins_with_the_region_of_the_shortest_round_trip() -> None:
    stored = edge_orders.stored([Region(name, name, f"{name}.example.com") for name in REGIONS])

    for place, city in {**cities_by_code(), **{each: city_of_region(each) for each in REGIONAL_EDGE_CACHES}}.items():
        first, *rest = [city.rtt[name] for name in stored[place].split()]
        assert first == min(city.rtt.values())
        assert [first, *rest] == sorted([first, *rest])


def test_no_value_is_larger_than_the_store_takes_whatever_the_regions() -> None:
    longest = [Region(f"{name:x<30}", name, "host", dial=99) for name in REGIONS]
    stored = edge_orders.stored(longest)

    assert max(len(value) for value in stored.values()) < edge_orders.LARGEST_VALUE
    assert {len(value.split()) for value in stored.values()} == {8}


def test_what_is_baked_begins_as_what_is_stored() -> None:
    every = [Region(name, name, "host") for name in REGIONS]
    stored, baked = edge_orders.stored(every), edge_orders.baked(every)

    assert set(baked) == set(REGIONAL_EDGE_CACHES)
    assert all(stored[cache].startswith(f"{order} ") for cache, order in baked.items())

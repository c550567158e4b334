import json

import pytest

import geography
from components.config_error import ConfigError
from components.topology import GLOBAL_REGION, load

GOOD = {
    "aws:region": "us-east-1",
    "antipodes:domain": "example.com",
    "antipodes:home": "ireland",
    "antipodes:regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
}

REGIONAL = {key: value for key, value in GOOD.items() if key != "antipodes:home"} | {"antipodes:data": "regional"}


def test_every_name_follows_from_the_domain_and_the_keys() -> None:
    topology = load(GOOD)

    assert topology.host == "global-api.example.com"
    assert topology.url == "https://global-api.example.com/graphql"
    assert topology.latency_record == "latency-routing.example.com"
    assert topology.default_origin == "default-origin.example.com"
    assert [region.host for region in topology.regions] == [
        "ireland-appsync.example.com",
        "sydney-appsync.example.com",
    ]


def test_the_routers_table_is_what_the_router_expects_and_is_plain_json() -> None:
    table = json.loads(json.dumps(load(GOOD).routes))
    nearest = table.pop("nearest")

    assert table == {
        "record": "latency-routing.example.com",
        "zone": "example.com",
        "routing": "region",
        "regions": {
            "ireland": {"host": "ireland-appsync.example.com", "region": "eu-west-1"},
            "sydney": {"host": "sydney-appsync.example.com", "region": "ap-southeast-2"},
        },
        "diagnostics": True,
    }
    assert set(nearest) == set(geography.REGIONS)
    assert nearest["eu-west-2"] == ["ireland", "sydney"]
    assert nearest["ap-northeast-1"] == ["sydney", "ireland"]


def test_the_routers_table_has_what_the_config_sets_otherwise() -> None:
    regions = {"ireland": {"region": "eu-west-1", "dial": "100"}, "sydney": {"region": "ap-southeast-2", "dial": 40}}
    chosen = {"routing": "location", "sticky": "cookie", "writes": "sydney", "diagnostics": "false"}
    table = load({**GOOD, "antipodes:regions": regions, **{f"antipodes:{key}": chosen[key] for key in chosen}}).routes

    assert "dial" not in table["regions"]["ireland"]
    assert table["regions"]["sydney"]["dial"] == 40
    assert {key: table[key] for key in chosen} == {**chosen, "diagnostics": False}


def test_the_routers_table_has_the_records_of_the_regions_health_where_it_may_need_them() -> None:
    regions = {"ireland": "eu-west-1", "sydney": {"region": "ap-southeast-2", "dial": 40}}
    for options in ({"antipodes:sticky": "header"}, {"antipodes:regions": regions}):
        topology = load({**GOOD, **options})
        names = {key: f"{key}.latency-routing.example.com" for key in ("ireland", "sydney")}
        assert topology.liveness_records == names
        assert {key: route["alive"] for key, route in topology.routes["regions"].items()} == names


def test_a_router_with_one_region_needs_no_record_of_its_health() -> None:
    regions = {"ireland": "eu-west-1", "sydney": {"region": "ap-southeast-2", "drained": True}}

    assert load({**GOOD, "antipodes:regions": regions, "antipodes:sticky": "cookie"}).liveness_records == {}


def test_a_drained_region_is_deployed_and_to_the_router_it_does_not_exist() -> None:
    regions = {"ireland": {"region": "eu-west-1", "drained": "true"}, "sydney": {"region": "ap-southeast-2"}}
    topology = load({**GOOD, "antipodes:regions": regions})

    assert [region.key for region in topology.regions] == ["ireland", "sydney"]
    assert [region.key for region in topology.serving] == ["sydney"]
    assert topology.home == topology.regions[0]
    assert "ireland" not in json.dumps(topology.routes)


def test_what_is_drained_and_dialled_is_told_to_operators() -> None:
    regions = {"ireland": {"region": "eu-west-1", "drained": True}, "sydney": {"region": "ap-southeast-2", "dial": 7}}

    assert (
        load({**GOOD, "antipodes:regions": regions}).outputs.items()
        >= {
            "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
            "drained": ["ireland"],
            "dials": {"sydney": 7},
        }.items()
    )
    assert (load(GOOD).outputs["drained"], load(GOOD).outputs["dials"]) == ([], {})
    assert load({**GOOD, "antipodes:writes": "ireland"}).outputs["writes"] == "ireland"
    assert "writes" not in load(GOOD).outputs


def test_the_cloudfront_function_goes_by_the_viewers_location() -> None:
    topology = load({**GOOD, "antipodes:router": "function"})

    assert (topology.router, topology.routing) == ("function", "location")
    assert (load(GOOD).router, load(GOOD).routing) == ("lambda", "region")


@pytest.mark.parametrize(("sticky", "held"), [("off", None), ("cookie", "cookie"), ("header", "header")])
def test_viewers_are_held_to_a_region_by_what_the_config_says(sticky: str, held: str | None) -> None:
    assert load({**GOOD, "antipodes:sticky": sticky}).sticky == held


def test_regions_keep_the_order_in_which_they_are_written() -> None:
    written = {"sydney": "ap-southeast-2", "ireland": "eu-west-1", "cape-town": "af-south-1"}

    assert [region.key for region in load({**GOOD, "antipodes:regions": written}).regions] == list(written)


def test_a_region_may_be_written_as_a_mapping() -> None:
    mapping = {"ireland": {"region": "eu-west-1"}, "sydney": {"region": "ap-southeast-2"}}

    assert load({**GOOD, "antipodes:regions": mapping}) == load(GOOD)


def test_the_home_is_one_of_the_regions_wherever_it_is_written() -> None:
    written = {"sydney": "ap-southeast-2", "ireland": "eu-west-1"}
    topology = load({**GOOD, "antipodes:regions": written})

    assert topology.home == topology.regions[1]
    assert topology.home.name == "eu-west-1"


def test_regional_data_has_no_home() -> None:
    assert load(REGIONAL).home is None


def test_consistency_is_eventual_unless_the_config_says_otherwise() -> None:
    three = {"ireland": "eu-west-1", "london": "eu-west-2", "paris": "eu-west-3"}

    assert not load(GOOD).strong
    assert not load({**GOOD, "antipodes:consistency": "eventual"}).strong
    assert load({**GOOD, "antipodes:consistency": "strong", "antipodes:regions": three}).strong


def test_a_tables_name_depends_on_the_domain_alone() -> None:
    one_region = load({**GOOD, "antipodes:regions": {"ireland": "eu-west-1"}})

    assert load(GOOD).table_name("events") == one_region.table_name("events") == "example.com.events"
    assert load(GOOD).canary_table == "example.com.antipodes-canary"


@pytest.mark.parametrize("config", [GOOD, REGIONAL])
def test_the_canary_table_is_in_either_kind_of_data(config: dict[str, object]) -> None:
    assert load(config).outputs["canaryTable"] == "example.com.antipodes-canary"


FOUR = {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "tokyo": "ap-northeast-1", "virginia": "us-east-1"}


@pytest.mark.parametrize(
    ("keys", "of", "holders"),
    [
        (["ireland"], "ireland", []),
        (["ireland", "sydney"], "ireland", ["sydney"]),
        (["ireland", "sydney"], "sydney", ["ireland"]),
        (["ireland", "sydney", "tokyo"], "sydney", ["ireland", "tokyo"]),
        ([*FOUR], "ireland", ["sydney", "tokyo"]),
        ([*FOUR], "tokyo", ["ireland", "sydney"]),
        ([*FOUR], "virginia", ["ireland", "sydney"]),
    ],
)
def test_a_regions_drain_switch_is_looked_for_in_the_first_two_regions_and_never_in_itself(
    keys: list[str], of: str, holders: list[str]
) -> None:
    topology = load({**GOOD, "antipodes:regions": {key: FOUR[key] for key in keys}})

    assert [holder.key for holder in topology.drain_holders(of)] == holders


def test_a_fourth_region_is_looked_at_for_no_drain_switch_of_the_others() -> None:
    four = load({**GOOD, "antipodes:regions": FOUR})
    three = load({**GOOD, "antipodes:regions": {key: FOUR[key] for key in list(FOUR)[:3]}})

    for region in three.regions:
        assert four.drain_holders(region.key) == three.drain_holders(region.key)


@pytest.mark.parametrize(("of", "following"), [("ireland", "sydney"), ("virginia", "ireland")])
def test_the_region_after_the_last_is_the_first(of: str, following: str) -> None:
    found = load({**GOOD, "antipodes:regions": FOUR}).next_region(of)

    assert found is not None
    assert found.key == following


def test_a_drained_region_may_hold_anothers_drain_switch() -> None:
    regions = {"ireland": "eu-west-1", "sydney": {"region": "ap-southeast-2", "drained": True}}

    assert [each.key for each in load({**GOOD, "antipodes:regions": regions}).drain_holders("ireland")] == ["sydney"]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({}, {"mode": "default", "interval": 10, "threshold": 3, "ttl": 60, "seconds": 100}),
        (
            {"antipodes:failover": "default"},
            {"mode": "default", "interval": 10, "threshold": 3, "ttl": 60, "seconds": 100},
        ),
        ({"antipodes:failover": "fast"}, {"mode": "fast", "interval": 10, "threshold": 2, "ttl": 15, "seconds": 40}),
    ],
)
def test_operators_are_told_how_soon_a_region_that_fails_is_left(
    chosen: dict[str, str], told: dict[str, object]
) -> None:
    assert load({**GOOD, **chosen}).outputs["failover"] == told


def test_where_nobody_asks_dns_nothing_fails_over_by_itself() -> None:
    topology = load({**GOOD, "antipodes:router": "function"})

    assert topology.failover is None
    assert "failover" not in topology.outputs


def test_an_alarms_name_tells_the_domain_the_region_and_the_trouble() -> None:
    assert load(GOOD).alarm_name("sydney", "errors") == "example.com-sydney-errors"


def test_a_zone_is_looked_up_unless_the_config_asks_for_one() -> None:
    assert not load(GOOD).creates_zone
    assert not load({**GOOD, "antipodes:hostedZone": "existing"}).creates_zone
    assert load({**GOOD, "antipodes:hostedZone": "create"}).creates_zone


@pytest.mark.parametrize(("value", "expected"), [("true", True), (True, True), ("false", False), (False, False)])
def test_protection_is_read_as_the_engine_hands_it_over_and_as_yaml_has_it(value: object, expected: object) -> None:
    assert load({**GOOD, "antipodes:protected": value}).protected is expected


def test_a_stack_is_not_protected_unless_it_says_so() -> None:
    assert not load(GOOD).protected


def test_two_domains_never_share_a_secret() -> None:
    assert load(GOOD).token_secret != load({**GOOD, "antipodes:domain": "dev.example.com"}).token_secret


def test_a_bad_config_makes_no_topology() -> None:
    with pytest.raises(ConfigError):
        load({**GOOD, "antipodes:domain": "https://example.com"})


def test_what_is_global_lives_where_cloudfront_wants_it() -> None:
    assert GLOBAL_REGION == "us-east-1"

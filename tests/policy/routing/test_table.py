"""The router's table, read from what the engine shows."""

import pytest

from policy.rules.shared.stack import Stack
from policy.rules.shared.table import Route, Table, order, orders, parsed, tables
from policy.rules.shared.verdict import Undecided
from tests.policy.judge import policy_resources
from tests.policy.recorded import recording


def table_of(name: str) -> Table:
    (subject,) = tables(Stack(policy_resources(recording(name)), {}))
    assert not isinstance(subject, Undecided)
    return subject.of


def test_the_lambda_routers_table_is_in_its_package():
    table = table_of("ours-2")

    assert table.routes["sydney"] == Route("sydney", "sydney-appsync.example.com", "ap-southeast-2", 100)
    assert (table.record, table.zone, table.routing) == ("latency-routing.example.com", "example.com", "region")
    assert table.nearest
    assert table.nearest["eu-west-2"] == ("ireland", "sydney")
    assert table.writes is None
    assert table.asks_dns
    assert not list(orders(table))


def test_the_cloudfront_functions_table_is_in_its_code_and_its_store():
    table = table_of("function")

    assert table.routes["sydney"] == Route("sydney", "sydney-appsync.example.com", None, 100)
    assert table.record is None
    assert table.nearest
    assert table.nearest["eu-west-2"] == ("ireland", "sydney")
    assert not table.asks_dns
    assert {each.place: each.dials for each in orders(table)}["LHR"] == {"ireland": 100, "sydney": 100}


def test_the_names_that_viewers_use_are_the_distributions():
    assert table_of("ours-2").aliases == {"global-api.example.com"}


def test_an_order_has_keys_and_their_dials():
    assert order("ireland sydney:40 tokyo") == {"ireland": 100, "sydney": 40, "tokyo": 100}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"regions": ["ireland"]}', "{'regions': {}}"])
def test_what_is_no_table_is_none(text: str):
    assert parsed(text) is None


def test_a_table_may_have_other_code_behind_it():
    assert parsed('{"regions": {"ireland": "ireland.example.com"}};\nfunction handler() {}') == {
        "regions": {"ireland": "ireland.example.com"}
    }

"""The router's table, read from what the engine shows."""

import pytest

from policy.rules.shared.stack import Stack
from policy.rules.shared.table import Route, Table, parsed, tables
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
    assert (table.record, table.zone) == ("latency-routing.example.com", "example.com")
    assert table.writes is None
    assert table.asks_dns


def test_the_cloudfront_functions_table_is_in_its_code():
    table = table_of("function")

    assert table.routes["sydney"] == Route("sydney", "sydney-appsync.example.com", None, 100)
    assert table.record is None
    assert not table.asks_dns


def test_the_names_that_viewers_use_are_the_distributions():
    assert table_of("ours-2").aliases == {"global-api.example.com"}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"regions": ["ireland"]}', "{'regions': {}}"])
def test_what_is_no_table_is_none(text: str):
    assert parsed(text) is None


def test_a_table_may_have_other_code_behind_it():
    assert parsed('{"regions": {"ireland": "ireland.example.com"}};\nfunction handler() {}') == {
        "regions": {"ireland": "ireland.example.com"}
    }

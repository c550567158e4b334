from typing import Any

import pytest

from cli import fault_places
from cli.errors import CommandError, UsageError

OUTPUTS: dict[str, Any] = {
    "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
    "tables": {"events": "stack.events"},
    "canaryTable": "stack.canary",
    "functions": {"sydney": {"authorizer": "a-1", "resolvers": "r-1", "health": "h-1"}},
    "fanOut": {"sydney": {"function": "f-1", "deadLetters": "q"}},
    "edgeRouter": {"function": "router-1", "version": "arn"},
}


def test_a_key_is_the_region_that_it_stands_for():
    assert fault_places.region(OUTPUTS, "sydney") == "ap-southeast-2"


def test_an_unknown_key_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"^no region key 'tokyo' in this stack; it has ireland, sydney\.$"):
        fault_places.region(OUTPUTS, "tokyo")


@pytest.mark.parametrize(
    ("name", "table"), [("events", "stack.events"), ("stack.events", "stack.events"), ("canary", "stack.canary")]
)
def test_a_table_goes_by_its_declared_name_or_by_its_name_in_aws(name: str, table: str):
    assert fault_places.table(OUTPUTS, name) == table


def test_an_unknown_table_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"^no table 'rows' in this stack; it has events, canary\.$"):
        fault_places.table(OUTPUTS, "rows")


@pytest.mark.parametrize(
    ("key", "name", "function"),
    [
        ("sydney", "authorizer", "a-1"),
        ("sydney", "resolvers", "r-1"),
        ("sydney", "health", "h-1"),
        ("sydney", "fan-out", "f-1"),
        ("sydney", "resolvers-4f2", "resolvers-4f2"),
        ("edge", "router", "router-1"),
    ],
)
def test_a_function_goes_by_its_role_or_by_its_name_in_aws(key: str, name: str, function: str):
    assert fault_places.function(OUTPUTS, key, name) == function


@pytest.mark.parametrize(("key", "name"), [("sydney", "router"), ("edge", "resolvers")])
def test_the_router_is_the_function_of_the_edge_alone(key: str, name: str):
    with pytest.raises(UsageError, match="write `edge router`"):
        fault_places.function(OUTPUTS, key, name)


@pytest.mark.parametrize("name", ["fan-out", "health"])
def test_what_the_outputs_do_not_tell_is_told_with_a_remedy(name: str):
    with pytest.raises(CommandError, match=rf"do not tell of .*{name}.* run: antipodes up$"):
        fault_places.function({"regions": OUTPUTS["regions"]}, "sydney", name)


def test_a_function_of_an_unknown_region_is_refused():
    with pytest.raises(UsageError, match="no region key 'tokyo'"):
        fault_places.function(OUTPUTS, "tokyo", "resolvers")

"""Which regions a deployment has, where its program says so in different ways, and what is meant for each."""

from typing import Any

import pytest

from tests.policy.editing import edited
from tests.policy.judge import judge
from tests.policy.recorded import recording

RESOLVERS = "aws:lambda/function:Function sydney-resolvers-function"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ROUTER = "aws:lambda/function:Function edge-router-function"
ROUTES = 'code.assets."routes.json"'

SMALLER: dict[str, Any] = {"resource": RESOLVERS, "set": {"memorySize": 256}}
NO_TABLE: dict[str, Any] = {"resource": ROUTER, "delete": [ROUTES]}
NOT_IN_TABLE: dict[str, Any] = {"resource": ROUTER, "delete": [f"{ROUTES}.text.regions.sydney"]}
NO_RECORD: dict[str, Any] = {"resource": "aws:route53/record:Record latency-sydney", "remove": True}


def found(name: str, *changes: dict[str, Any], rule: str = "regions-same-settings") -> list[str]:
    return [each.message for each in judge(edited(recording(name), changes)) if each.policy == rule]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([], id="by the router's table"),
        pytest.param([NO_TABLE], id="by the latency records, where there is no table"),
        pytest.param([NOT_IN_TABLE, NO_RECORD], id="by its API, where it is drained"),
    ],
)
def test_a_region_is_held_to_what_the_others_are(changes: list[dict[str, Any]]) -> None:
    (message,) = found("ours-3", *changes, SMALLER)

    assert message.splitlines()[0].endswith(
        "Function 'sydney-resolvers-function', memorySize: it is 256, and 512 in ireland (eu-west-1), "
        "so viewers get something else in sydney (ap-southeast-2)."
    )


def test_the_table_in_a_cloudfront_function_tells_the_regions_too() -> None:
    assert found("function", SMALLER)


def test_a_drained_region_takes_no_viewers() -> None:
    (message,) = found("ours-2", NOT_IN_TABLE, NO_RECORD, rule="regions-at-least-two")

    assert "viewers are sent to ireland (eu-west-1), and 2 regions are wanted" in message
    assert "regions-at-least-two: {minimum: 1}" in message


def test_the_routers_logs_lie_where_it_runs_whether_or_not_that_is_a_region_of_the_api() -> None:
    gone = {"resource": "aws:cloudwatch/logGroup:LogGroup edge-router-log-ap-southeast-2", "remove": True}

    assert not found("ours-3", gone, rule="regions-same-kinds")


def test_a_stack_without_a_router_is_no_deployment() -> None:
    gone = {"resource": DISTRIBUTION, "remove": True}

    assert not found("ours-2", gone, SMALLER)


def test_a_key_that_begins_like_another_is_another_region() -> None:
    """`sydney` is the key of one region, and begins the name of what is made for `sydney-2`."""
    other: dict[str, Any] = {
        "resource": ROUTER,
        "set": {f"{ROUTES}.text.regions.sydney-2": {"host": "x.example.com", "region": "ap-southeast-4"}},
    }
    lonely: dict[str, Any] = {
        "add": {"like": RESOLVERS, "name": "sydney-2-resolvers-function", "props": {"region": "ap-southeast-4"}}
    }

    assert not found("ours-2", other, lonely)


def test_only_a_difference_is_named_of_a_long_text() -> None:
    api = "aws:appsync/graphQLApi:GraphQLApi sydney-api"
    (message,) = found("ours-2", {"resource": api, "replace": {"schema": ["  region: String!", "  region: String"]}})

    line = recording("ours-2").find(api)[0].inputs["schema"].splitlines().index("  region: String!") + 1
    assert f'schema: line {line} is "  region: String", and "  region: String!" in ireland' in message

import io
import json
import zipfile
from typing import Any

import pytest

from ops.verify.router import Router, baked_table, expected_regions, judge_association, judge_router, trusted

OUTPUTS: dict[str, Any] = {
    "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "tokyo": "ap-northeast-1"},
    "hosts": {"ireland": "i.example.com", "sydney": "s.example.com", "tokyo": "t.example.com"},
    "dials": {"sydney": 40},
    "drained": ["tokyo"],
    "latencyRecord": "latency-routing.example.com",
}
ROUTES: dict[str, Any] = {
    "record": "latency-routing.example.com",
    "regions": {
        "ireland": {"host": "i.example.com", "region": "eu-west-1"},
        "sydney": {"host": "s.example.com", "region": "ap-southeast-2", "dial": 40},
    },
}
TRUST = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}},
    ]
}
VERSION = {
    "EventType": "origin-request",
    "LambdaFunctionARN": "arn:aws:lambda:us-east-1:1:function:router:7",
    "IncludeBody": False,
}


def seen(routes: dict[str, Any] | None = ROUTES, trust: Any = TRUST, **configuration: Any) -> list[str]:
    router = Router({"FunctionName": "router", "State": "Active", **configuration}, trust, routes)
    return [fault.seen for fault in judge_router(router, OUTPUTS)]


def test_a_table_of_the_regions_that_take_requests_is_good():
    assert seen() == []


def test_a_version_of_which_lambda_tells_no_state_is_good():
    router = Router({"FunctionName": "router"}, TRUST, ROUTES)

    assert list(judge_router(router, OUTPUTS)) == []


def test_the_dial_belongs_to_the_table():
    assert expected_regions(OUTPUTS) == ROUTES["regions"]


@pytest.mark.parametrize(
    ("routes", "told"),
    [
        ({**ROUTES, "record": "elsewhere"}, "it asks for elsewhere, not for latency-routing.example.com"),
        ({**ROUTES, "writes": "ireland"}, "it sends writes to ireland, and the stack to any region"),
        ({**ROUTES, "regions": {**ROUTES["regions"], "tokyo": {}}}, "it has tokyo, which takes no requests"),
        ({**ROUTES, "regions": {"ireland": ROUTES["regions"]["ireland"]}}, "it has nothing for sydney"),
    ],
)
def test_each_difference_of_the_table_is_told(routes: dict[str, Any], told: str):
    [fault] = seen(routes)

    assert fault.startswith(f"the router's table is not this stack's: {told}")


def test_a_package_without_a_table_is_told():
    assert seen(None) == ["the code of router holds no routes.json"]


def test_a_function_that_failed_says_why():
    assert seen(State="Failed", StateReason="no such image") == ["router has State Failed: no such image"]


def test_a_trust_of_one_service_is_read_without_its_lists():
    alone = {"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}}

    assert list(trusted(alone)) == ["lambda.amazonaws.com"]
    assert seen(trust=alone) == [
        "the role of router does not trust edgelambda.amazonaws.com, and so cannot run at the edge"
    ]


def test_a_published_version_without_bodies_is_well_attached():
    assert list(judge_association([VERSION])) == []


def test_the_newest_code_is_no_version():
    [fault] = judge_association(
        [{**VERSION, "LambdaFunctionARN": "arn:aws:lambda:us-east-1:1:function:router:$LATEST"}]
    )

    assert "names no published version" in fault.seen


def test_what_is_no_package_has_no_table():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("routes.json", json.dumps(ROUTES))

    assert baked_table(made.getvalue()) == ROUTES
    assert baked_table(b"<Error/>") is None

import json
import logging
from typing import Any

import pytest
import responses

from geography import REGIONS
from tests.edge.function_router import route, viewer_request, with_table

LONDON = {"name": "LHR", "serverIp": "198.18.3.1", "region": "eu-west-2"}
STORE = {"LHR": "ireland sydney", "eu-west-2": "ireland sydney"}
TABLE: dict[str, Any] = {
    "regions": {key: {"host": f"{key}-appsync.example.com"} for key in ("sydney", "ireland")},
    "diagnostics": True,
}


def test_a_request_goes_to_the_region_s_host_under_its_own_name():
    result = route(TABLE, viewer_request(), edge=LONDON, store=STORE)

    assert result.origin == {
        "domainName": "ireland-appsync.example.com",
        "hostHeader": "ireland-appsync.example.com",
    }


def test_nothing_of_the_request_changes_but_the_header_that_tells_the_route():
    event = viewer_request("POST", "/graphql/realtime", headers={"cookie": "a=1", "sec-websocket-key": "x"})

    result = route(TABLE, event, edge=LONDON, store=STORE)

    headers = {**event["request"]["headers"], "x-antipodes-route": {"value": "ireland; reason=location"}}
    assert result.request == {**event["request"], "headers": headers}


def test_the_viewer_s_own_route_and_secrets_do_not_pass():
    sent = {"x-antipodes-route": "mars; reason=dns", "x-antipodes-secret-0": "e30=", "x-antipodes-secret-9": "e30="}

    result = route(TABLE, viewer_request(headers=sent), edge=LONDON, store=STORE)

    assert result.request is not None
    assert result.request["headers"] == {
        "host": {"value": "global-api.example.com"},
        "x-antipodes-route": {"value": "ireland; reason=location"},
    }


def test_what_is_for_a_router_at_the_origin_s_side_does_not_pass():
    sent = {
        "x-antipodes-edge-location": "SYD",
        "x-antipodes-edge-address": "198.18.0.1",
        "x-antipodes-region": "ireland",
    }

    result = route(TABLE, viewer_request(headers=sent), edge=LONDON, store=STORE)

    assert result.request is not None
    assert set(result.request["headers"]) == {"host", "x-antipodes-region", "x-antipodes-route"}


class Counted(dict[str, str]):
    """A store that knows how often it was read."""

    reads = 0

    def __contains__(self, key: object) -> bool:
        self.reads += 1
        return super().__contains__(key)


@pytest.mark.parametrize(("method", "reads"), [("POST", 0), ("GET", 1)])
def test_a_pinned_write_reads_nothing_from_the_store(method: str, reads: int):
    store = Counted(STORE)

    result = route(TABLE | {"writes": "sydney"}, viewer_request(method), edge=LONDON, store=store)

    assert result.origin is not None
    assert store.reads == reads


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_diagnostics_tell_the_decision(method: str):
    event = viewer_request(method, "/.well-known/antipodes")

    result = route(TABLE, event, edge=LONDON, store=STORE)

    assert result.response is not None
    assert (result.response["statusCode"], result.origin) == (200, None)
    assert result.response["headers"] == {
        "access-control-allow-origin": {"value": "*"},
        "cache-control": {"value": "no-store"},
        "content-type": {"value": "application/json"},
    }
    assert json.loads(result.response["body"]["data"]) == {
        "region": "ireland",
        "reason": "location",
        "age": None,
        "edgeRegion": "eu-west-2",
        "edgeLocation": "LHR",
    }


@pytest.mark.parametrize("edge", [{}, None])
def test_diagnostics_of_an_edge_that_does_not_tell_its_place(edge: dict[str, str] | None):
    result = route(TABLE, viewer_request(uri="/.well-known/antipodes"), edge=edge, store=STORE)

    assert result.response is not None
    assert json.loads(result.response["body"]["data"]) == {
        "region": "sydney",
        "reason": "any",
        "age": None,
        "edgeRegion": None,
        "edgeLocation": None,
    }


@pytest.mark.parametrize(
    ("table", "method", "uri"),
    [
        (TABLE, "POST", "/.well-known/antipodes"),
        (TABLE, "GETS", "/.well-known/antipodes"),
        (TABLE, "GET", "/.well-known/antipodes/"),
        (TABLE, "GET", "/graphql"),
        (TABLE | {"diagnostics": False}, "GET", "/.well-known/antipodes"),
    ],
)
def test_what_does_not_ask_for_diagnostics_is_routed(table: dict[str, Any], method: str, uri: str):
    result = route(table, viewer_request(method, uri), edge=LONDON, store=STORE)

    assert result.request is not None
    assert result.request["uri"] == uri


@pytest.mark.parametrize("order", ["", " ", "ireland:", ":", "ireland:x", "ireland  sydney", "\n", "null", '{"a": 1}'])
def test_an_order_that_nobody_would_write_still_leads_somewhere(order: str):
    result = route(TABLE, viewer_request(), edge=LONDON, store={"LHR": order})

    assert result.origin is not None
    assert result.origin["domainName"].removesuffix("-appsync.example.com") in TABLE["regions"]


def test_without_a_region_the_viewer_is_told_what_the_lambda_router_tells(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)

    result = route({"regions": {}}, viewer_request(), edge=LONDON, store=STORE)

    same = responses.unavailable()
    assert result.response is not None
    assert result.response["statusCode"] == int(same["status"])
    assert result.response["statusDescription"] == same["statusDescription"]
    assert result.response["headers"] == {
        name: {"value": fields[0]["value"]} for name, fields in same["headers"].items()
    }
    assert json.loads(result.response["body"]["data"]) == json.loads(same["body"])
    assert not caplog.records  # it is no defect


def test_an_error_is_logged_without_the_request_and_answered(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    event = viewer_request(headers={"authorization": "Bearer secret"})
    event["viewer"] = None

    result = route(TABLE, event, edge=LONDON, store=STORE)

    assert result.response is not None
    assert result.response["statusCode"] == 503
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["antipodes router"]
    assert "secret" not in caplog.text


def test_it_is_small_enough_with_every_region_there_is():
    table = {
        "regions": {
            f"a-key-of-25-letters-{number}": {"host": f"a-key-of-25-letters-{number}-appsync.example.com", "dial": 100}
            for number in range(len(REGIONS))
        },
        "sticky": "cookie",
        "writes": "a-key-of-25-letters-0",
        "diagnostics": True,
    }

    assert len(with_table(table).encode()) <= 10 * 1024

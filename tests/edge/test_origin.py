import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from origin import Origin, request_of
from regional_headers import RegionalHeaders

from sandbox.cloudfront.rules import violations
from tests.edge.events import custom_headers, origin_request, packed, request

SYDNEY = "sydney-appsync.example.com"
Headers = dict[str, list[dict[str, str]]]


@pytest.fixture
def regional() -> RegionalHeaders:
    return RegionalHeaders(lambda _: pytest.fail("all are well-formed here"))


def origin(reason: str = "dns") -> Origin:
    return Origin(SYDNEY, ("sydney", reason))


def with_custom(custom: Headers, **headers: str) -> dict[str, Any]:
    asked = request(**headers)
    asked["origin"]["custom"]["customHeaders"] = custom
    return asked


def header(name: str, value: str) -> Headers:
    return {name.lower(): [{"key": name, "value": value}]}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("uri", ["/graphql", "/graphql/", "/graphql/realtime"])
def test_only_origin_host_and_route_of_a_request_change(method: str, uri: str, regional: RegionalHeaders):
    asked = request(method, uri, authorization="t", sec_websocket_key="k", x_antipodes_region="ireland")
    before = copy.deepcopy(asked)

    sent = origin().send(asked, regional)

    assert asked == before, "the event itself stays as it was"
    expected = before
    expected["headers"]["host"] = [{"key": "Host", "value": SYDNEY}]
    expected["headers"]["x-antipodes-route"] = [{"key": "x-antipodes-route", "value": "sydney; reason=dns"}]
    expected["origin"]["custom"] |= {"domainName": SYDNEY, "port": 443, "protocol": "https"}
    assert sent == expected
    assert violations(sent, asked) == []


def test_the_region_is_told_by_whom_and_why_it_was_chosen_whatever_the_viewer_says(regional: RegionalHeaders):
    sent = origin("stale").send(request(x_antipodes_route="ireland; reason=sticky"), regional)

    assert sent["headers"]["x-antipodes-route"] == [{"key": "x-antipodes-route", "value": "sydney; reason=stale"}]


def test_a_default_origin_over_http_is_left_for_https(regional: RegionalHeaders):
    asked = request()
    asked["origin"]["custom"] |= {"port": 80, "protocol": "http"}

    custom = origin().send(asked, regional)["origin"]["custom"]

    assert (custom["port"], custom["protocol"]) == (443, "https")


def test_headers_that_were_for_the_router_alone_are_taken_off(regional: RegionalHeaders):
    asked = request(x_antipodes_edge_location="LHR", x_antipodes_edge_address="198.18.3.1", x_antipodes_edge="mine")

    sent = origin().send(asked, regional)

    assert asked["headers"].keys() - sent["headers"].keys() == {"x-antipodes-edge-location", "x-antipodes-edge-address"}
    assert violations(sent, asked) == []


def test_a_region_gets_the_headers_of_its_own_in_place_of_the_viewers(regional: RegionalHeaders):
    keys = {"ireland": {"x-api-key": "of-ireland"}, "sydney": {"X-Api-Key": "of-sydney", "x-verify": "v"}}
    asked = with_custom(custom_headers(packed(keys), 20), x_api_key="of-the-viewer", authorization="t")
    before = copy.deepcopy(asked)

    sent = origin().send(asked, regional)

    assert asked == before
    assert sent["headers"]["x-api-key"] == [{"key": "X-Api-Key", "value": "of-sydney"}]
    assert sent["headers"]["x-verify"] == [{"key": "x-verify", "value": "v"}]
    assert sent["headers"]["authorization"] == asked["headers"]["authorization"]
    assert sent["origin"]["custom"]["customHeaders"] == {}
    assert "ireland" not in str(sent)
    assert violations(sent, asked) == []


def test_a_header_that_only_another_region_has_is_the_viewers(regional: RegionalHeaders):
    asked = with_custom(custom_headers(packed({"ireland": {"x-api-key": "k"}})), x_api_key="of-the-viewer")

    sent = origin().send(asked, regional)

    assert sent["headers"]["x-api-key"] == asked["headers"]["x-api-key"]


@pytest.mark.parametrize("name", ["x-antipodes-secret-0", "x-antipodes-secret-9", "x-antipodes-secret-77"])
@pytest.mark.parametrize("deployed", [{}, custom_headers(packed({"sydney": {"x-api-key": "of-sydney"}}))])
def test_a_viewer_can_neither_set_nor_send_on_what_is_secret(name: str, deployed: Headers, regional: RegionalHeaders):
    forged = packed({"sydney": {"x-api-key": "forged"}})
    asked = with_custom(deployed)
    asked["headers"] |= header(name, forged)

    sent = origin().send(asked, regional)

    assert name not in sent["headers"]
    assert "forged" not in str(sent)
    assert ("x-api-key" in sent["headers"]) == bool(deployed)
    assert violations(sent, asked) == []


def test_a_custom_header_of_the_origin_overrides_the_viewers(regional: RegionalHeaders):
    asked = with_custom(header("X-Note", "of-the-origin"), x_note="of-the-viewer")

    sent = origin().send(asked, regional)

    assert "x-note" not in sent["headers"]
    assert sent["origin"]["custom"]["customHeaders"] == header("X-Note", "of-the-origin")
    assert violations(sent, asked) == []


def test_what_the_router_sets_itself_overrides_a_custom_header_of_the_origin(regional: RegionalHeaders):
    deployed = header("X-Antipodes-Route", "of-the-origin") | header("X-Api-Key", "of-the-origin")
    asked = with_custom(deployed | custom_headers(packed({"sydney": {"x-api-key": "of-sydney"}})))

    sent = origin().send(asked, regional)

    assert sent["origin"]["custom"]["customHeaders"] == {}
    assert sent["headers"]["x-api-key"] == [{"key": "x-api-key", "value": "of-sydney"}]
    assert sent["headers"]["x-antipodes-route"] == [{"key": "x-antipodes-route", "value": "sydney; reason=dns"}]
    assert violations(sent, asked) == []


@pytest.mark.parametrize("deployed", [None, {}])
def test_an_origin_needs_no_custom_headers(deployed: object, regional: RegionalHeaders):
    asked = request()
    asked["origin"]["custom"]["customHeaders"] = deployed

    assert origin().send(asked, regional)["origin"]["custom"]["customHeaders"] == deployed


NAMES = [
    *("x-note", "x-api-key", "authorization"),
    *("x-antipodes-secret-3", "x-antipodes-route", "x-antipodes-edge-location"),
]
some_headers = st.dictionaries(st.sampled_from(NAMES), st.sampled_from("abc")).map(
    lambda plain: {name: item for pair in plain.items() for name, item in header(*pair).items()}
)


@given(some_headers, some_headers.map(lambda headers: {k: v for k, v in headers.items() if "secret" not in k}))
def test_whoever_else_sets_a_header_the_request_is_valid(viewers: Headers, deployed: Headers):
    secrets = custom_headers(packed({"sydney": {"x-api-key": "of-sydney"}}))
    asked = with_custom(deployed | secrets)
    asked["headers"] |= viewers
    regional = RegionalHeaders(lambda _: pytest.fail("it is well-formed"))

    assert violations(origin().send(asked, regional), asked) == []


def test_an_origin_requests_request_is_found():
    event = origin_request()

    assert request_of(event) is event["Records"][0]["cf"]["request"]


@pytest.mark.parametrize(
    "event",
    [None, 7, "event", [], {}, {"Records": []}, {"Records": [{}]}, {"Records": {"0": {}}}, {"Records": [None]}],
)
def test_what_is_no_event_of_cloudfront_is_not_routable(event: object):
    assert request_of(event) is None


@pytest.mark.parametrize("kind", ["viewer-request", "viewer-response", "origin-response", "", None])
def test_another_event_of_cloudfront_is_not_routable(kind: object):
    event = origin_request()
    event["Records"][0]["cf"]["config"]["eventType"] = kind

    assert request_of(event) is None


@pytest.mark.parametrize("origin", [None, {}, {"s3": {"domainName": "b.s3.amazonaws.com"}}, {"custom": None}, "custom"])
def test_a_request_without_a_custom_origin_is_not_routable(origin: object):
    event = origin_request()
    event["Records"][0]["cf"]["request"]["origin"] = origin

    assert request_of(event) is None


@pytest.mark.parametrize("field", ["origin", "headers"])
def test_a_request_that_lacks_a_part_is_not_routable(field: str):
    event = origin_request()
    del event["Records"][0]["cf"]["request"][field]

    assert request_of(event) is None


def test_headers_that_are_none_are_not_routable():
    event = origin_request()
    event["Records"][0]["cf"]["request"]["headers"] = []

    assert request_of(event) is None

import copy
import json

import pytest
import routing

from tests.edge.events import origin_request

HOSTS = {"ireland": "ireland-appsync.example.com", "sydney": "sydney-appsync.example.com"}


def test_the_table_gives_hosts_in_its_own_order():
    routes = {
        "record": "latency-routing.example.com",
        "regions": {
            "sydney": {"host": "sydney-appsync.example.com", "region": "ap-southeast-2"},
            "ireland": {"host": "ireland-appsync.example.com", "region": "eu-west-1"},
        },
    }

    assert list(routing.read_hosts(routes).items()) == [
        ("sydney", "sydney-appsync.example.com"),
        ("ireland", "ireland-appsync.example.com"),
    ]


def test_a_known_key_chooses_its_host():
    assert routing.choose_host(HOSTS, "sydney") == "sydney-appsync.example.com"


@pytest.mark.parametrize("key", [None, "tokyo", "", "sydney-appsync.example.com", "SYDNEY"])
def test_any_other_key_chooses_the_first_host(key: str | None):
    assert routing.choose_host(HOSTS, key) == "ireland-appsync.example.com"


def test_an_empty_table_has_no_host():
    assert routing.choose_host({}, "ireland") is None


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("uri", ["/graphql", "/graphql/", "/graphql/realtime"])
def test_only_origin_and_host_of_a_request_change(method: str, uri: str):
    event = origin_request(method, uri, authorization="t", sec_websocket_key="k")
    request = routing.origin_request(event)
    assert request is not None
    before = copy.deepcopy(request)

    routed = routing.send_to(request, HOSTS["sydney"])

    assert request == before, "the event itself stays as it was"
    expected = before
    expected["headers"]["host"] = [{"key": "Host", "value": "sydney-appsync.example.com"}]
    expected["origin"]["custom"] |= {"domainName": "sydney-appsync.example.com", "port": 443, "protocol": "https"}
    assert routed == expected


def test_a_default_origin_over_http_is_left_for_https():
    event = origin_request()
    event["Records"][0]["cf"]["request"]["origin"]["custom"] |= {"port": 80, "protocol": "http"}
    request = routing.origin_request(event)
    assert request is not None

    custom = routing.send_to(request, HOSTS["ireland"])["origin"]["custom"]

    assert (custom["port"], custom["protocol"]) == (443, "https")


@pytest.mark.parametrize(
    "event",
    [None, 7, "event", [], {}, {"Records": []}, {"Records": [{}]}, {"Records": {"0": {}}}, {"Records": [None]}],
)
def test_what_is_no_event_of_cloudfront_is_not_routable(event: object):
    assert routing.origin_request(event) is None


@pytest.mark.parametrize("origin", [None, {}, {"s3": {"domainName": "b.s3.amazonaws.com"}}, {"custom": None}, "custom"])
def test_a_request_without_a_custom_origin_is_not_routable(origin: object):
    event = origin_request()
    event["Records"][0]["cf"]["request"]["origin"] = origin

    assert routing.origin_request(event) is None


def test_a_viewer_request_has_no_origin_and_is_not_routable():
    event = origin_request()
    del event["Records"][0]["cf"]["request"]["origin"]

    assert routing.origin_request(event) is None


def test_a_request_that_nobody_can_serve_now_is_answered_with_a_time_to_retry():
    response = routing.unavailable(routing.NO_REGION)

    assert response["status"] == "503"
    assert response["headers"]["retry-after"] == [{"key": "Retry-After", "value": "5"}]
    assert response["headers"]["cache-control"] == [{"key": "Cache-Control", "value": "no-store"}]


@pytest.mark.parametrize(
    "response", [routing.unavailable(routing.NO_REGION), routing.bad_gateway(routing.NOT_ROUTABLE)]
)
def test_a_response_of_its_own_is_a_graphql_error(response: dict[str, object]):
    assert json.loads(str(response["body"]))["errors"][0]["message"]

from typing import Any

import pytest

from sandbox.cloudfront.distribution import Origin, parse
from sandbox.cloudfront.origin_update import not_emulated, updated_origin
from tests.sandbox.cloudfront.edge import config

HOST = "ireland-appsync.example.test"


def assigned() -> Origin:
    wanted = config("arn:c", "arn:aws:lambda:us-east-1:1:function:f:1", "r")
    headers = {"Quantity": 1, "Items": [{"HeaderName": "X-Secret", "HeaderValue": "1"}]}
    wanted["Origins"]["Items"][0]["CustomHeaders"] = headers
    return parse("E1", "d1.cloudfront.net", wanted).origin


def test_without_parameters_the_assigned_origin_stays() -> None:
    assert updated_origin(assigned(), {}) == assigned()


def test_a_new_domain_name_keeps_all_else_and_is_the_host_too() -> None:
    origin = updated_origin(assigned(), {"domainName": HOST})
    assert origin.event["custom"] == assigned().event["custom"] | {"domainName": HOST}
    assert origin.host_header == HOST
    assert updated_origin(assigned(), {"domainName": HOST, "hostHeader": "other"}).host_header == "other"
    assert updated_origin(assigned(), {"originPath": "/v2"}).host_header is None


def test_every_parameter_takes_the_place_of_its_setting() -> None:
    origin = updated_origin(
        assigned(),
        {
            "originPath": "/v2",
            "customHeaders": {"x-stage": "prod"},
            "connectionAttempts": 2,
            "originShield": {"enabled": True, "region": "eu-west-1"},
            "timeouts": {"readTimeout": 9, "keepAliveTimeout": 8, "connectionTimeout": 7},
            "customOriginConfig": {"port": 8443, "protocol": "https", "sslProtocols": ["TLSv1.2"]},
        },
    )
    custom = origin.event["custom"]
    assert custom["customHeaders"] == {"x-stage": [{"key": "X-Stage", "value": "prod"}]}
    assert (custom["path"], custom["port"], custom["readTimeout"], custom["keepaliveTimeout"]) == ("/v2", 8443, 9, 8)
    assert (origin.connection_attempts, origin.connection_timeout, origin.shield_region) == (2, 7, "eu-west-1")
    assert updated_origin(origin, {"originShield": {"enabled": False}}).shield_region is None


def test_an_empty_object_takes_the_custom_headers_away() -> None:
    assert updated_origin(assigned(), {"customHeaders": {}}).event["custom"]["customHeaders"] == {}


@pytest.mark.parametrize(
    ("parameters", "lacking"),
    [
        ({"domainName": HOST, "hostHeader": HOST, "sni": HOST}, []),
        ({"domainName": HOST, "hostHeader": "x.test"}, [f"the server name x.test in TLS with {HOST}"]),
        ({"domainName": HOST, "sni": "x.test"}, [f"the server name x.test in TLS with {HOST}"]),
        ({"allowedCertificateNames": [HOST]}, ["allowed certificate names"]),
        ({"timeouts": {"responseCompletionTimeout": 60}}, ["a response completion timeout"]),
    ],
)
def test_what_is_not_emulated_is_named(parameters: dict[str, Any], lacking: list[str]) -> None:
    assert not_emulated(updated_origin(assigned(), parameters), parameters) == lacking

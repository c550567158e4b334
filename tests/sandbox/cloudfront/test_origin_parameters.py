from typing import Any

import pytest

from sandbox.cloudfront.origin_parameters import faults

CONFIG = {"port": 443, "protocol": "https", "sslProtocols": ["TLSv1.2"]}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"domainName": "ireland-appsync.example.com", "hostHeader": "example.com", "sni": "a.b"},
        {"domainName": "a" * 63 + "." + "b" * 63 + "." + "c" * 63 + "." + "d" * 61},
        {"allowedCertificateNames": ["*.example.com", "example.com"]},
        {"originPath": "/v1"},
        {"originPath": ""},
        {"customHeaders": {}},
        {"customHeaders": {"x-stage": "production"}},
        {"connectionAttempts": 1},
        {"originShield": {"enabled": False}},
        {"originShield": {"enabled": True, "region": "us-east-2"}},
        {"timeouts": {"readTimeout": 120, "keepAliveTimeout": 1, "connectionTimeout": 10}},
        {"timeouts": {"readTimeout": 30, "responseCompletionTimeout": 30}},
        {"customOriginConfig": CONFIG},
        {"customOriginConfig": {**CONFIG, "port": 8443, "ipAddressType": "dualstack"}},
    ],
)
def test_what_cloudfront_documents_has_no_faults(parameters: Any):
    assert faults(parameters) == []


@pytest.mark.parametrize(
    ("parameters", "fault"),
    [
        (7, "takes an object"),
        ({"domain": "example.com"}, "domain is no parameter that the sandbox knows"),
        ({"timeouts": {"wait": 1}}, "timeouts.wait is no parameter that the sandbox knows"),
        ({"domainName": "example.com:443"}, "domainName cannot be 'example.com:443'"),
        ({"domainName": "10.0.0.1"}, "domainName cannot be '10.0.0.1'"),
        ({"hostHeader": ""}, "hostHeader cannot be ''"),
        ({"sni": 1}, "sni cannot be 1"),
        ({"originPath": "v1"}, "originPath cannot be 'v1'"),
        ({"originPath": "/v1/"}, "originPath cannot be '/v1/'"),
        ({"customHeaders": {"X-Stage": "a"}}, "customHeaders cannot be as they are"),
        ({"customHeaders": {"x-stage": {"value": "a"}}}, "customHeaders cannot be as they are"),
        ({"connectionAttempts": 4}, "connectionAttempts cannot be 4"),
        ({"connectionAttempts": True}, "connectionAttempts cannot be True"),
        ({"timeouts": 5}, "timeouts takes an object"),
        ({"timeouts": {"connectionTimeout": 11}}, "timeouts.connectionTimeout cannot be 11"),
        ({"originShield": {"region": "us-east-2"}}, "originShield.enabled is missing"),
        ({"customOriginConfig": {"port": 443, "protocol": "https"}}, "customOriginConfig.sslProtocols is missing"),
        ({"customOriginConfig": {**CONFIG, "port": 22}}, "customOriginConfig.port cannot be 22"),
        ({"customOriginConfig": {**CONFIG, "protocol": "ftp"}}, "customOriginConfig.protocol cannot be 'ftp'"),
        ({"customOriginConfig": {**CONFIG, "sslProtocols": []}}, "customOriginConfig.sslProtocols cannot be []"),
        ({"allowedCertificateNames": []}, "allowedCertificateNames cannot be []"),
    ],
)
def test_a_fault_is_named(parameters: Any, fault: str):
    assert faults(parameters) == [fault]


def test_all_faults_are_named():
    assert len(faults({"domainName": "", "sni": "", "other": 1})) == 3

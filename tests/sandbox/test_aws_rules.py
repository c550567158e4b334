from typing import Any

import pytest
import regex
from botocore.session import get_session

from sandbox.aws import Clients
from sandbox.aws_rules import NOT_COMPILABLE, AwsRuleError, EnforcedClients, check, compile_pattern

SERVICES = [
    "acm", "appsync", "cloudfront", "dynamodb", "iam", "lambda", "logs", "route53", "secretsmanager", "sts",
]  # fmt: skip


def problems(service: str, operation: str, **parameters: Any) -> str:
    with pytest.raises(AwsRuleError) as error:
        check(get_session().get_service_model(service).operation_model(operation), parameters)
    return str(error.value)


def test_a_call_that_keeps_the_rules_passes():
    model = get_session().get_service_model("lambda").operation_model("GetFunction")
    check(model, {"FunctionName": "router"})


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "expected"),
    [
        ("logs", "CreateLogGroup", {}, "logGroupName is missing: it is required"),
        (
            "logs",
            "CreateLogGroup",
            {"logGroupName": "a b"},
            r"logGroupName is 'a b': it must match [\.\-_/#A-Za-z0-9]+",
        ),
        (
            "logs",
            "CreateLogGroup",
            {"logGroupName": "a" * 513},
            "of length 513: it may have at most 512",
        ),
        (
            "lambda",
            "UpdateFunctionConfiguration",
            {"FunctionName": "f", "Timeout": 0},
            "Timeout is 0: it must be at least 1",
        ),
        (
            "acm",
            "RequestCertificate",
            {"DomainName": "example.com", "ValidationMethod": "MAIL"},
            "ValidationMethod is 'MAIL': it must be one of EMAIL, DNS, HTTP",
        ),
        (
            "acm",
            "RequestCertificate",
            {"DomainName": "example.com", "SubjectAlternativeNames": ["ok.com", "not ok"]},
            "SubjectAlternativeNames[1] is 'not ok'",
        ),
        (
            "dynamodb",
            "CreateTable",
            {"TableName": "abc", "KeySchema": [{"AttributeName": "id", "KeyType": "ROOT"}]},
            "KeySchema[0].KeyType is 'ROOT': it must be one of HASH, RANGE",
        ),
        ("logs", "CreateLogGroup", {"logGroupName": "a", "tags": {}}, "tags is {}, of length 0"),
        ("logs", "CreateLogGroup", {"logGroupName": "a", "tags": {"k": "v" * 257}}, "tags.k is 'vvv"),
    ],
)
def test_a_broken_rule_is_told_with_path_value_and_rule(
    service: str, operation: str, parameters: dict[str, Any], expected: str
):
    message = problems(service, operation, **parameters)
    assert message.startswith(f"{service} {operation} would be refused by AWS: ")
    assert expected in message


def test_all_broken_rules_are_told_at_once():
    message = problems("lambda", "CreateFunction", FunctionName="f", MemorySize=1, Timeout=0)
    for path in ("Role is missing", "Code is missing", "MemorySize is 1", "Timeout is 0"):
        assert path in message


def test_a_sensitive_value_is_not_shown():
    message = problems("secretsmanager", "PutSecretValue", SecretId="s", SecretString="x" * 65537)
    assert "xxx" not in message
    assert "SecretString is (not shown), of length 65537" in message


def test_a_client_refuses_before_anything_is_sent():
    clients = EnforcedClients(Clients("http://127.0.0.1:9"))  # nothing listens there
    with pytest.raises(AwsRuleError, match="logGroupName"):
        clients("logs", "eu-west-1").create_log_group(logGroupName="a b")


def test_every_pattern_of_the_services_is_enforced_or_known_not_to_be():
    patterns = set()
    for service in SERVICES:
        model = get_session().get_service_model(service)
        patterns |= {model.shape_for(name).metadata.get("pattern") for name in model.shape_names} - {None}
    broken = set()
    for pattern in patterns:
        try:
            compile_pattern(pattern)
        except regex.error:
            broken.add(pattern)
    assert broken == NOT_COMPILABLE

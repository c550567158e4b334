import pytest

from sandbox.extensions import call
from sandbox.extensions.call import Scope, is_read, operation_of, parameters_of, scope_of, service_model


def header(key: str, region: str, service: str) -> str:
    return f"AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/{service}/aws4_request, SignedHeaders=host"


def test_the_scope_names_account_region_and_service():
    assert scope_of(header("123456789012", "eu-west-1", "appsync")) == Scope("123456789012", "eu-west-1", "appsync")


def test_a_key_that_is_no_account_is_the_emulators_own():
    found = scope_of(header("sandbox", "us-east-1", "monitoring"))
    assert found == Scope("000000000000", "us-east-1", "cloudwatch")


@pytest.mark.parametrize("text", ["", "Bearer abc", "AWS4-HMAC-SHA256 Credential=short"])
def test_no_signature_is_no_scope(text: str):
    assert scope_of(text) is None


@pytest.mark.parametrize(
    ("service", "method", "path", "query", "headers", "body", "expected"),
    [
        ("appsync", "POST", "/v1/domainnames", "", {}, b"{}", "CreateDomainName"),
        ("appsync", "GET", "/v1/domainnames/a.b/apiassociation", "", {}, b"", "GetApiAssociation"),
        ("appsync", "DELETE", "/v1/domainnames/a.b", "", {}, b"", "DeleteDomainName"),
        ("cloudfront", "POST", "/2020-05-31/distribution", "WithTags", {}, b"<x/>", "CreateDistributionWithTags"),
        ("cloudfront", "POST", "/2020-05-31/distribution", "", {}, b"<x/>", "CreateDistribution"),
        ("cloudfront", "PUT", "/2020-05-31/distribution/E1/config", "", {}, b"<x/>", "UpdateDistribution"),
        ("route53", "POST", "/2013-04-01/hostedzone/Z1/rrset/", "", {}, b"<x/>", "ChangeResourceRecordSets"),
        ("lambda", "POST", "/2015-03-31/functions/f/invocations", "", {}, b"{}", "Invoke"),
        ("acm", "POST", "/", "", {"X-Amz-Target": "CertificateManager.ListCertificates"}, b"{}", "ListCertificates"),
        (
            "dynamodb",
            "POST",
            "/",
            "",
            {"X-Amz-Target": "DynamoDBStreams_20120810.GetRecords"},
            b"{}",
            "GetRecords",
        ),
        ("dynamodb", "POST", "/", "", {"X-Amz-Target": "DynamoDB_20120810.PutItem"}, b"{}", "PutItem"),
        ("iam", "POST", "/", "", {}, b"Action=GetRole&RoleName=r", "GetRole"),
        ("iam", "POST", "/", "", {}, b"Action=Nonsense", None),
        ("appsync", "PATCH", "/nowhere", "", {}, b"", None),
        ("no-such-service", "POST", "/", "", {}, b"", None),
    ],
)
def test_an_operation_is_known_by_its_protocol(
    service: str, method: str, path: str, query: str, headers: dict[str, str], body: bytes, expected: str | None
):
    found = operation_of(service, method, path, query, headers, body)
    assert (found.name if found else None) == expected


def test_parameters_come_from_path_query_and_body():
    path = "/v1/apis/abc/types/Query/resolvers"
    operation = operation_of("appsync", "POST", path, "", {}, b"{}")
    assert operation is not None
    found = parameters_of(operation, path, "", b'{"fieldName": "hello"}')
    assert found == {"apiId": "abc", "typeName": "Query", "fieldName": "hello"}
    listing = operation_of("appsync", "GET", "/v1/domainnames", "maxResults=5", {}, b"")
    assert listing is not None
    assert parameters_of(listing, "/v1/domainnames", "maxResults=5", b"") == {"maxResults": "5"}


def test_parameters_of_an_xml_protocol_are_read_by_its_shapes():
    path = "/2020-05-31/function/place"
    body = (
        b'<UpdateFunctionRequest xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">'
        b"<FunctionConfig><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig>"
        b"<FunctionCode>Y29kZQ==</FunctionCode></UpdateFunctionRequest>"
    )
    operation = operation_of("cloudfront", "PUT", path, "", {}, body)
    assert operation is not None
    assert parameters_of(operation, path, "", body) == {
        "Name": "place",
        "FunctionConfig": {"Runtime": "cloudfront-js-2.0"},
        "FunctionCode": b"code",
    }


def test_reads_are_told_from_writes_by_name():
    assert is_read("DescribeTable")
    assert is_read("Invoke")
    assert is_read("TransactGetItems")
    assert not is_read("UpdateTable")
    assert not is_read("AssociateApi")


def test_services_are_known_whatever_profile_the_user_has(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_PROFILE", "of-a-former-job")
    fresh = service_model.__wrapped__
    monkeypatch.setattr("sandbox.extensions.call._session", call._session.__wrapped__)
    assert fresh("sts") is not None

"""What AWS does and the emulator does not, asked through boto3 of the real gateway and emulator."""

import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from botocore.exceptions import ClientError

from sandbox.extensions.appsync_domains import covers
from tests.sandbox.embedded import package
from tests.sandbox.provider.embedded_aws import Engine, embedded_aws


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with embedded_aws(tmp_path_factory.mktemp("extensions")) as running:
        yield running


@pytest.fixture(scope="module")
def certificate(aws: Engine) -> str:
    return certificate_in(aws, "us-east-1")


def certificate_in(aws: Engine, region: str) -> str:
    answer = aws.clients("acm", region).request_certificate(
        DomainName="x.localhost", SubjectAlternativeNames=["*.x.localhost"]
    )
    return str(answer["CertificateArn"])


def api_in(aws: Engine, region: str) -> str:
    answer = aws.clients("appsync", region).create_graphql_api(name="x", authenticationType="AWS_LAMBDA")
    return str(answer["graphqlApi"]["apiId"])


def refused(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**parameters)
    reason = error.value.response["Error"]
    return f"{error.value.response['ResponseMetadata']['HTTPStatusCode']} {reason['Code']}: {reason['Message']}"


def test_a_domain_name_leads_to_an_api_until_it_is_disassociated(aws: Engine, certificate: str):
    api = aws.clients("appsync", "eu-west-1")
    id_ = api_in(aws, "eu-west-1")
    created = api.create_domain_name(domainName="a.x.localhost", certificateArn=certificate)["domainNameConfig"]
    assert created["appsyncDomainName"].startswith("d-")
    assert created["appsyncDomainName"].endswith(".cloudfront.net")
    assert created["hostedZoneId"] == "Z2FDTNDATAQYW2"
    assert api.get_domain_name(domainName="a.x.localhost")["domainNameConfig"] == created
    assert refused(api.get_api_association, domainName="a.x.localhost").startswith("404 NotFoundException")

    association = api.associate_api(domainName="a.x.localhost", apiId=id_)["apiAssociation"]
    assert association == {"domainName": "a.x.localhost", "apiId": id_, "associationStatus": "SUCCESS"}
    assert api.get_api_association(domainName="a.x.localhost")["apiAssociation"] == association
    assert id_ in refused(api.delete_domain_name, domainName="a.x.localhost")

    api.disassociate_api(domainName="a.x.localhost")
    assert refused(api.disassociate_api, domainName="a.x.localhost").startswith("404 NotFoundException")
    api.delete_domain_name(domainName="a.x.localhost")
    assert refused(api.get_domain_name, domainName="a.x.localhost").startswith("404 NotFoundException")


def test_a_domain_name_exists_once_in_all_regions_and_is_seen_in_its_own(aws: Engine, certificate: str):
    ireland, sydney = aws.clients("appsync", "eu-west-1"), aws.clients("appsync", "ap-southeast-2")
    ireland.create_domain_name(domainName="once.x.localhost", certificateArn=certificate)
    again = refused(sydney.create_domain_name, domainName="once.x.localhost", certificateArn=certificate)
    assert again == "400 BadRequestException: The domain name once.x.localhost already exists."
    assert refused(sydney.delete_domain_name, domainName="once.x.localhost").startswith("404")
    assert sydney.list_domain_names()["domainNameConfigs"] == []
    assert [d["domainName"] for d in ireland.list_domain_names()["domainNameConfigs"]] == ["once.x.localhost"]
    ireland.delete_domain_name(domainName="once.x.localhost")


def test_a_domain_needs_a_certificate_of_us_east_1_that_exists_and_covers_it(aws: Engine, certificate: str):
    api = aws.clients("appsync", "eu-west-1")
    elsewhere = certificate_in(aws, "eu-west-1")
    missing = certificate[:-4] + "beef"
    assert "us-east-1" in refused(api.create_domain_name, domainName="b.x.localhost", certificateArn=elsewhere)
    assert "does not exist" in refused(api.create_domain_name, domainName="b.x.localhost", certificateArn=missing)
    uncovered = refused(api.create_domain_name, domainName="b.c.x.localhost", certificateArn=certificate)
    assert uncovered.startswith("400 BadRequestException")
    assert "does not cover b.c.x.localhost" in uncovered


def test_a_domain_leads_to_no_api_that_is_not_there(aws: Engine, certificate: str):
    api = aws.clients("appsync", "eu-west-1")
    api.create_domain_name(domainName="c.x.localhost", certificateArn=certificate)
    missing = refused(api.associate_api, domainName="c.x.localhost", apiId="nowhere")
    assert missing.startswith("404 NotFoundException")
    api.delete_domain_name(domainName="c.x.localhost")


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("a.example.com", "a.example.com", True),
        ("*.example.com", "a.example.com", True),
        ("*.example.com", "a.b.example.com", False),
        ("*.example.com", "example.com", False),
        ("example.com", "a.example.com", False),
    ],
)
def test_a_wildcard_covers_one_label(pattern: str, name: str, expected: bool):  # noqa: FBT001 - a table's column
    assert covers(pattern, name) == expected


def test_a_second_data_source_or_resolver_of_a_name_is_refused(aws: Engine):
    api, id_ = aws.clients("appsync", "eu-west-1"), api_in(aws, "eu-west-1")
    source = {"apiId": id_, "name": "s", "type": "NONE"}
    resolver = {"apiId": id_, "typeName": "Query", "fieldName": "f", "dataSourceName": "s"}
    api.create_data_source(**source)
    api.create_resolver(**resolver)
    assert refused(api.create_data_source, **source).startswith("400 BadRequestException")
    assert refused(api.create_resolver, **resolver).startswith("400 BadRequestException")


def test_an_update_replaces_the_whole_configuration_of_an_api(aws: Engine):
    api = aws.clients("appsync", "eu-west-1")
    id_ = api.create_graphql_api(
        name="x", authenticationType="AWS_IAM", introspectionConfig="DISABLED", xrayEnabled=True
    )["graphqlApi"]["apiId"]
    updated = api.update_graphql_api(apiId=id_, name="y", authenticationType="AWS_IAM", queryDepthLimit=9)
    expected = {"name": "y", "introspectionConfig": "ENABLED", "queryDepthLimit": 9, "xrayEnabled": False}
    listed = next(a for a in api.list_graphql_apis()["graphqlApis"] if a["apiId"] == id_)
    for answer in (updated["graphqlApi"], api.get_graphql_api(apiId=id_)["graphqlApi"], listed):
        assert {name: answer[name] for name in expected} == expected


def downloaded(function: dict[str, Any]) -> bytes:
    with urllib.request.urlopen(function["Code"]["Location"]) as answer:  # noqa: S310 - the gateway's own
        return bytes(answer.read())


def test_each_version_of_a_function_hands_out_the_code_that_it_was_published_with(aws: Engine):
    api = aws.clients("lambda", "eu-west-1")
    packages = [package({"h.py": f"# {n}"}) for n in range(3)]
    role = "arn:aws:iam::000000000000:role/r"
    named = {"FunctionName": "kept", "Role": role, "Runtime": "python3.13", "Handler": "h.handler"}
    arn = api.create_function(**named, Code={"ZipFile": packages[0]}, Publish=True)["FunctionArn"]
    api.update_function_code(FunctionName=arn, ZipFile=packages[1], Publish=True)
    api.update_function_code(FunctionName="kept", ZipFile=packages[2])
    api.create_alias(FunctionName="kept", Name="live", FunctionVersion="1")

    first = api.get_function(FunctionName=f"{arn}:1")
    assert downloaded(first) == packages[0]
    assert downloaded(api.get_function(FunctionName="kept", Qualifier="2")) == packages[1]
    assert downloaded(api.get_function(FunctionName="kept", Qualifier="live")) == packages[0]
    assert downloaded(api.get_function(FunctionName="kept")) == packages[2]

    api.delete_function(FunctionName="kept", Qualifier="2")
    assert downloaded(first) == packages[0]
    api.delete_function(FunctionName=arn)
    with pytest.raises(HTTPError, match="404"):
        downloaded(first)


def test_regions_leave_a_secrets_replication(aws: Engine):
    primary = aws.clients("secretsmanager", "us-east-1")
    primary.create_secret(Name="r", SecretString="hush")
    regions = ["eu-west-1", "ap-southeast-2"]
    primary.replicate_secret_to_regions(SecretId="r", AddReplicaRegions=[{"Region": r} for r in regions])
    answer = primary.remove_regions_from_replication(SecretId="r", RemoveReplicaRegions=["eu-west-1", "sa-east-1"])
    assert [status["Region"] for status in answer["ReplicationStatus"]] == ["ap-southeast-2"]
    gone = refused(aws.clients("secretsmanager", "eu-west-1").get_secret_value, SecretId="r")
    assert "ResourceNotFoundException" in gone
    kept = aws.clients("secretsmanager", "ap-southeast-2")
    assert kept.get_secret_value(SecretId="r")["SecretString"] == "hush"
    primary.put_secret_value(SecretId="r", SecretString="louder")
    assert kept.get_secret_value(SecretId="r")["SecretString"] == "louder"

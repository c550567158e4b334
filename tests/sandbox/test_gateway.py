"""The gateway between boto3 and the emulator, both real."""

import asyncio
import socket
import urllib.request
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import Clients
from sandbox.gateway import Gateway
from sandbox.ports import LOOPBACK
from tests.sandbox.provider.embedded_aws import Engine, embedded_aws


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with embedded_aws(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture(autouse=True)
def _forget_changes(aws: Engine) -> None:
    aws.changed.clear()


def test_a_write_is_told_by_its_service_and_a_read_is_not(aws: Engine):
    aws.clients("dynamodb", "eu-west-1").list_tables()
    aws.clients("cloudfront").list_distributions()
    aws.clients("sts").get_caller_identity()
    assert aws.changed == []
    aws.clients("logs", "eu-west-1").create_log_group(logGroupName="told")
    aws.clients("route53").create_hosted_zone(Name="told.localhost", CallerReference="told")
    assert aws.changed == ["logs", "route53"]


def test_a_write_that_fails_is_not_told(aws: Engine):
    logs = aws.clients("logs", "eu-west-1")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_log_group(logGroupName="missing")
    assert aws.changed == []


def test_regions_are_kept_apart(aws: Engine):
    aws.clients("logs", "eu-west-2").create_log_group(logGroupName="here")
    assert aws.clients("logs", "eu-west-3").describe_log_groups()["logGroups"] == []


def test_an_empty_value_of_a_query_protocol_arrives(aws: Engine):
    iam = aws.clients("iam")
    iam.create_role(RoleName="blank", AssumeRolePolicyDocument='{"Statement": []}', Description="some")
    iam.update_role(RoleName="blank", Description="")
    assert iam.get_role(RoleName="blank")["Role"].get("Description", "") == ""


def test_what_a_health_check_has_switched_on_is_told(aws: Engine):
    route53 = aws.clients("route53")
    host = {"FullyQualifiedDomainName": "example.test", "RequestInterval": 10, "FailureThreshold": 1}
    switches = {"Inverted": True, "EnableSNI": True, "Disabled": False, "MeasureLatency": False}
    created = route53.create_health_check(
        CallerReference="switches", HealthCheckConfig={"Type": "HTTPS", **host, **switches}
    )["HealthCheck"]
    route53.update_health_check(HealthCheckId=created["Id"], Disabled=True)
    [read] = [each for each in route53.list_health_checks()["HealthChecks"] if each["Id"] == created["Id"]]
    assert created["HealthCheckConfig"].items() >= switches.items()
    assert read["HealthCheckConfig"].items() >= {**switches, "Disabled": True}.items()


def test_a_name_with_escaped_slashes_arrives_whole(aws: Engine):
    api = aws.clients("secretsmanager")
    arn = api.create_secret(Name="a/b/c", SecretString="x")["ARN"]
    assert api.describe_secret(SecretId=arn)["Name"] == "a/b/c"
    zone = aws.clients("route53").create_hosted_zone(Name="slash.localhost", CallerReference="slash")
    assert aws.clients("route53").get_hosted_zone(Id=zone["HostedZone"]["Id"])["HostedZone"]["Name"]


def test_an_unsigned_request_reaches_the_emulator(aws: Engine):
    with urllib.request.urlopen(f"{aws.clients.endpoint}/_ministack/health") as answer:  # noqa: S310 - http
        assert answer.status == 200


def test_a_malformed_call_is_refused_and_leaves_nothing_of_it_in_a_log(aws: Engine, caplog: pytest.LogCaptureFixture):
    port = urlsplit(aws.clients.endpoint).port
    assert port is not None
    with socket.create_connection((LOOPBACK, port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nAuthorization: " + b"s3cret" * 4000 + b"\r\n\r\n")
        assert b" 400 Bad Request\r\n" in connection.recv(4096)
    assert "s3cret" not in caplog.text
    assert "LineTooLong" in caplog.text


def test_reading_a_stream_changes_nothing(aws: Engine):
    api, streams = aws.clients("dynamodb", "eu-west-1"), aws.clients("dynamodbstreams", "eu-west-1")
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    api.create_table(
        TableName="read",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification=stream,
    )
    aws.changed.clear()
    arn = api.describe_table(TableName="read")["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    streams.get_records(ShardIterator=iterator)
    assert aws.changed == []


def test_a_gateway_without_appsync_says_so(aws: Engine):
    id_ = aws.clients("appsync", "eu-west-1").create_graphql_api(name="x", authenticationType="AWS_IAM")
    url = id_["graphqlApi"]["uris"]["GRAPHQL"]
    with pytest.raises(HTTPError) as error:
        urllib.request.urlopen(url, data=b"{}")  # noqa: S310 - the gateway's own
    assert error.value.code == 404
    assert "in eu-west-1" in error.value.read().decode()


def test_an_emulator_that_is_gone_is_told_with_the_remedy(aws: Engine):
    async def story() -> None:
        with socket.socket() as taken:
            taken.bind((LOOPBACK, 0))  # and never listened on
            emulator = f"http://{LOOPBACK}:{taken.getsockname()[1]}"
        gateway = Gateway(emulator, lambda _: None)
        port = urlsplit(aws.clients.endpoint).port
        assert port
        await gateway.start(LOOPBACK, port + 9)
        try:
            secrets = Clients(f"http://{LOOPBACK}:{port + 9}")("secretsmanager", "eu-west-1")
            with pytest.raises(ClientError, match="antipodes down, then antipodes up") as refused:
                await asyncio.to_thread(secrets.list_secrets)
        finally:
            await gateway.stop()
        assert refused.value.response["Error"]["Code"] == "ServiceUnavailable"

    asyncio.run(story())

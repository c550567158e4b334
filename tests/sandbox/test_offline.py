"""The provider of offline previews, by Pulumi's provider protocol."""

import json
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.offline import OfflineProvider
from sandbox.provider.fields import UNKNOWN
from sandbox.provider.wire import to_dict, to_struct

BUCKET = "aws:s3/bucket:Bucket"
FUNCTION = "aws:lambda/function:Function"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pulumi-aws's own modules


class Connection:
    """What the engine asks of one provider resource of a program."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = provider_pb2_grpc.ResourceProviderStub(channel)

    def configure(self, **settings: Any) -> None:
        self._stub.Configure(provider_pb2.ConfigureRequest(args=to_struct(settings)))

    def check(
        self, kind: str, name: str = "it", *, olds: dict[str, Any] | None = None, **inputs: Any
    ) -> dict[str, Any]:
        request = provider_pb2.CheckRequest(
            urn=f"urn:pulumi:dev::p::{kind}::{name}",
            type=kind,
            news=to_struct(inputs),
            olds=to_struct(olds or {}),
            randomSeed=b"seed",
        )
        answer = self._stub.Check(request)
        assert not answer.failures
        return to_dict(answer.inputs)

    def preview(self, kind: str, **inputs: Any) -> dict[str, Any]:
        request = provider_pb2.CreateRequest(type=kind, properties=to_struct(inputs), preview=True)
        return to_dict(self._stub.Create(request).properties)

    def create(self, kind: str) -> None:
        self._stub.Create(provider_pb2.CreateRequest(type=kind))

    def read(self, kind: str, id_: str) -> dict[str, Any]:
        return to_dict(self._stub.Read(provider_pb2.ReadRequest(type=kind, id=id_)).properties)

    def invoke(self, token: str, **args: Any) -> dict[str, Any]:
        answer = self._stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=to_struct(args)))
        return to_dict(getattr(answer, "return"))


@pytest.fixture(scope="module")
def provider() -> Iterator[OfflineProvider]:
    with OfflineProvider() as started:
        yield started


def connect(provider: OfflineProvider, region: str) -> Connection:
    # Channels to one address share a connection, but for those with pools of their own.
    channel = grpc.insecure_channel(f"127.0.0.1:{provider.port}", options=[("grpc.use_local_subchannel_pool", 1)])
    connection = Connection(channel)
    connection.configure(region=region)
    return connection


@pytest.fixture(scope="module")
def aws(provider: OfflineProvider) -> Connection:
    return connect(provider, "eu-west-1")


def test_a_number_that_is_given_as_a_text_is_a_number(aws: Connection):
    checked = aws.check(FUNCTION, memorySize="128", publish="true", timeout=UNKNOWN, runtime="1", role="2")

    assert (checked["memorySize"], checked["publish"]) == (128, True)
    assert (checked["timeout"], checked["runtime"], checked["role"]) == (UNKNOWN, "1", "2")
    assert aws.check(FUNCTION, memorySize="plenty")["memorySize"] == "plenty"


def test_what_aws_would_add_is_unknown_and_what_the_program_gave_is_kept(aws: Connection):
    outputs = aws.preview(FUNCTION, name="f", role="arn:r", memorySize=256)

    assert outputs | {"name": "f", "memorySize": 256, "arn": UNKNOWN, "qualifiedArn": UNKNOWN} == outputs


def test_what_a_program_may_leave_out_is_not_there(aws: Connection):
    assert "deadLetterConfig" not in aws.preview(FUNCTION, role="arn:r")


def test_a_replica_of_a_table_has_a_stream_that_is_not_known_yet(aws: Connection):
    (replica,) = aws.preview("aws:dynamodb/table:Table", replicas=[{"regionName": "us-east-1"}])["replicas"]

    assert replica == {"regionName": "us-east-1", "arn": UNKNOWN, "streamArn": UNKNOWN, "streamLabel": UNKNOWN}


def test_each_provider_of_a_program_has_its_own_region(provider: OfflineProvider, aws: Connection):
    elsewhere = connect(provider, "ap-southeast-2")

    assert aws.check(BUCKET)["region"] == "eu-west-1"
    assert elsewhere.check(BUCKET)["region"] == "ap-southeast-2"
    assert elsewhere.check(BUCKET, region="sa-east-1")["region"] == "sa-east-1"


def test_a_type_of_no_region_is_given_none(aws: Connection):
    assert "region" not in aws.check("aws:cloudfront/distribution:Distribution")


@pytest.mark.parametrize(("kind", "key"), [(BUCKET, "bucket"), (FUNCTION, "name"), ("aws:sqs/queue:Queue", "name")])
def test_what_has_no_name_is_named_after_the_program_s_name_for_it(aws: Connection, kind: str, key: str):
    name = aws.check(kind, "data")[key]

    assert name.startswith("data-")
    assert len(name) == len("data-1234567")
    assert aws.check(kind, "data", olds={key: "data-old"})[key] == "data-old"


def test_a_name_that_the_program_gave_stays(aws: Connection):
    assert aws.check(BUCKET, bucket="mine")["bucket"] == "mine"
    assert "bucket" not in aws.check(BUCKET, bucketPrefix="mine-")


def test_a_name_that_must_be_given_is_not_made_up(aws: Connection):
    assert "name" not in aws.check("aws:route53/record:Record", type="A")


def test_a_resource_that_another_stack_made_is_read_as_something_of_its_id(aws: Connection):
    vpc = aws.read("aws:ec2/vpc:Vpc", "vpc-1")

    assert vpc["id"] == "vpc-1"
    assert vpc["arn"] == "arn:aws:offline:::vpc-1"


def test_nothing_is_ever_made(aws: Connection):
    with pytest.raises(grpc.RpcError, match="makes nothing: deploy with the official AWS provider"):
        aws.create(BUCKET)


def test_a_type_that_the_provider_does_not_have_is_named(aws: Connection):
    with pytest.raises(grpc.RpcError, match="has no resource type aws:s3/bukket:Bukket"):
        aws.preview("aws:s3/bukket:Bukket")


def test_a_function_that_only_aws_can_answer_is_named_with_the_remedy(aws: Connection):
    with pytest.raises(grpc.RpcError, match=r"aws:rds/getProxy:getProxy is asked of AWS.*from the stack's config"):
        aws.invoke("aws:rds/getProxy:getProxy", name="p")


def test_the_region_that_a_program_asks_for_is_that_of_its_provider(provider: OfflineProvider, aws: Connection):
    asked = "aws:index/getRegion:getRegion"

    assert aws.invoke(asked)["region"] == "eu-west-1"
    assert connect(provider, "sa-east-1").invoke(asked)["region"] == "sa-east-1"
    assert aws.invoke("aws:index/getAvailabilityZones:getAvailabilityZones")["names"][0] == "eu-west-1a"


def test_a_zone_is_found_by_any_name(aws: Connection):
    zone = aws.invoke("aws:route53/getZone:getZone", name="example.com.")

    assert (zone["name"], zone["comment"]) == ("example.com", "")
    assert zone["zoneId"]


def test_a_managed_policy_of_cloudfront_has_its_own_identifier(aws: Connection):
    found = aws.invoke("aws:cloudfront/getCachePolicy:getCachePolicy", name="Managed-CachingDisabled")

    assert found["id"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def test_a_policy_document_is_rendered_as_aws_writes_it(aws: Connection):
    answer = aws.invoke(
        "aws:iam/getPolicyDocument:getPolicyDocument",
        statements=[
            {
                "sid": "Read",
                "actions": ["s3:GetObject"],
                "resources": ["arn:a", "arn:b"],
                "principals": [{"type": "Service", "identifiers": ["cloudfront.amazonaws.com"]}],
                "conditions": [{"test": "StringEquals", "variable": "AWS:SourceArn", "values": ["arn:d"]}],
            },
            {"effect": "Deny", "actions": ["s3:*"], "principals": [{"type": "*", "identifiers": ["*"]}]},
        ],
        overridePolicyDocuments=[json.dumps({"Statement": [{"Sid": "Read", "Effect": "Deny"}]})],
        sourcePolicyDocuments=[json.dumps({"Statement": [{"Sid": "First", "Effect": "Allow"}]})],
    )

    assert json.loads(answer["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "First", "Effect": "Allow"},
            {"Sid": "Read", "Effect": "Deny"},
            {"Effect": "Deny", "Action": "s3:*", "Principal": "*"},
        ],
    }
    assert json.loads(answer["minifiedJson"]) == json.loads(answer["json"])


def test_a_statement_has_its_principals_and_conditions(aws: Connection):
    answer = aws.invoke(
        "aws:iam/getPolicyDocument:getPolicyDocument",
        statements=[
            {
                "actions": ["sts:AssumeRole", "sts:TagSession"],
                "principals": [
                    {"type": "Service", "identifiers": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}
                ],
                "conditions": [{"test": "StringEquals", "variable": "aws:PrincipalOrgID", "values": ["o-1"]}],
            }
        ],
    )

    assert json.loads(answer["json"])["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]},
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        }
    ]

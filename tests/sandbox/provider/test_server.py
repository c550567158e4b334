"""What the provider says to the engine about itself and about what it cannot do."""

import importlib.metadata

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from sandbox.provider.wire import to_dict, to_struct
from tests.sandbox.provider.embedded_aws import Engine, FailedError, urn


def test_the_plugin_is_of_the_version_of_the_sdk(engine: Engine):
    info = engine.stub.GetPluginInfo(empty_pb2.Empty())
    assert info.version == importlib.metadata.version("pulumi-aws")


def test_the_engine_keeps_secrets_to_itself_and_previews(engine: Engine):
    """The engine marks outputs as secret by the inputs of the same name only when the provider takes no secrets."""
    configured = engine.stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"region": "us-east-1"})))
    shaken = engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
    assert configured.supportsPreview
    assert not configured.acceptSecrets
    assert not shaken.accept_secrets


def test_a_provider_setting_that_is_not_handled_is_an_error_that_names_it(engine: Engine):
    news = to_struct({"region": "us-east-1", "version": "7", "profile": "mine"})
    answer = engine.stub.CheckConfig(provider_pb2.CheckRequest(news=news))
    assert [failure.property for failure in answer.failures] == ["profile"]
    assert "`aws:profile`" in answer.failures[0].reason


def test_an_unknown_resource_type_is_an_error_before_anything_is_made(engine: Engine):
    with pytest.raises(grpc.RpcError) as error:
        engine.check("aws:s3/bucket:Bucket", "bucket", {})
    assert error.value.details() == "the embedded AWS does not handle the resource type aws:s3/bucket:Bucket"


def test_an_unknown_function_is_an_error_that_names_it(engine: Engine):
    with pytest.raises(grpc.RpcError) as error:
        engine.invoke("aws:s3/getBucket:getBucket")
    assert "aws:s3/getBucket:getBucket" in str(error.value.details())


def test_an_unknown_input_fails_the_check_with_its_full_path(engine: Engine):
    inputs = {"role": "r", "fooBar": {"baz": 1}, "loggingConfig": {"logFormat": "JSON", "odd": 1}}
    answer = engine.check("aws:lambda/function:Function", "f", inputs)
    assert [failure.property for failure in answer.failures] == ["fooBar", "loggingConfig.odd"]
    assert answer.failures[1].reason == (
        "the embedded AWS does not handle the input `loggingConfig.odd` of aws:lambda/function:Function"
    )


def test_a_call_that_aws_would_refuse_is_one_line_with_type_value_and_rule(engine: Engine):
    with pytest.raises(FailedError) as error:
        engine.create("aws:cloudwatch/logGroup:LogGroup", "bad", name="no spaces allowed", region="eu-west-1")
    message = str(error.value)
    assert message.startswith("aws:cloudwatch/logGroup:LogGroup: logs CreateLogGroup would be refused by AWS: ")
    assert "logGroupName is 'no spaces allowed': it must match" in message
    assert "\n" not in message


def test_an_error_of_aws_is_one_line_with_type_operation_and_reason(engine: Engine):
    with pytest.raises(FailedError, match=r"^aws:iam/rolePolicy:RolePolicy: PutRolePolicy: NoSuchEntity: .+$"):
        engine.create("aws:iam/rolePolicy:RolePolicy", "orphan", role="nobody", policy='{"Statement": []}')


def test_check_names_what_the_program_did_not_and_keeps_the_name(engine: Engine):
    token = "aws:cloudwatch/logGroup:LogGroup"
    first = to_dict(engine.check(token, "log", {}).inputs)
    assert first["name"].startswith("log-")
    assert first["region"] == "us-east-1"
    again = to_dict(engine.check(token, "log", {}, first).inputs)
    assert again == first
    replacement = to_dict(engine.check(token, "log", {}).inputs)
    assert replacement["name"] != first["name"]
    assert to_dict(engine.check(token, "log", {"name": "mine"}, first).inputs)["name"] == "mine"
    assert to_dict(engine.check(token, "log", {}, {"name": "mine"}).inputs)["name"] != "mine"


def test_ignored_changes_are_no_changes(engine: Engine):
    olds = {"secretId": "s", "secretString": "old", "region": "us-east-1"}
    request = provider_pb2.DiffRequest(
        urn=urn("aws:secretsmanager/secretVersion:SecretVersion", "v"),
        old_inputs=to_struct(olds),
        olds=to_struct(olds),
        news=to_struct(olds | {"secretString": "new"}),
        ignoreChanges=["secretString"],
    )
    assert engine.stub.Diff(request).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_an_import_by_id_and_region_reads_the_inputs_from_aws(engine: Engine):
    token = "aws:cloudwatch/logGroup:LogGroup"
    made = engine.create(token, "imported", region="eu-west-2", retentionInDays=7)
    answer = engine.stub.Read(provider_pb2.ReadRequest(id=f"{made.id}@eu-west-2", urn=urn(token, "imported")))
    assert answer.id == made.id
    assert to_dict(answer.inputs) == {"name": made.id, "region": "eu-west-2", "retentionInDays": 7}
    engine.delete(made)

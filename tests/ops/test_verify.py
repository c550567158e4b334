from ops.verify import Verified, verify
from tests.ops.conftest import Deployed


def faults(verified: Verified) -> dict[str, str]:
    return {finding.check: finding.seen for finding in verified.findings if not finding.ok}


def test_a_good_stack_has_no_fault_and_a_lag_each_way(deployed: Deployed):
    verified = verify(deployed.clients, deployed.outputs)

    assert verified.ok
    assert [finding.check for finding in verified.findings] == ["token", "fan-out", "replicas", "replication"]
    assert len(verified.replication) == 2


def test_a_region_with_another_token_is_named(deployed: Deployed):
    name = deployed.outputs["tokenSecret"]["name"]
    sydney = deployed.clients("secretsmanager", "ap-southeast-2")
    sydney.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    sydney.create_secret(Name=name, SecretString="another")

    found = faults(verify(deployed.clients, deployed.outputs))

    assert found == {"token": "sydney has another token than eu-west-1"}


def test_a_region_without_a_token_is_named(deployed: Deployed):
    name = deployed.outputs["tokenSecret"]["name"]
    deployed.clients("secretsmanager", "ap-southeast-2").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)

    found = faults(verify(deployed.clients, deployed.outputs))

    assert found.keys() == {"token"}
    assert found["token"].startswith("sydney: ")


def test_a_table_that_a_region_lacks_is_named(deployed: Deployed):
    events = deployed.outputs["tables"]["events"]
    updates = [{"Delete": {"RegionName": "ap-southeast-2"}}]
    deployed.clients("dynamodb", "eu-west-1").update_table(TableName=events, ReplicaUpdates=updates)

    assert faults(verify(deployed.clients, deployed.outputs)) == {"replicas": f"{events} in sydney: no replica"}


def test_a_canary_table_that_is_gone_is_a_finding_and_no_traceback(deployed: Deployed):
    for region in ("ap-southeast-2", "eu-west-1"):
        deployed.clients("dynamodb", region).delete_table(TableName=deployed.outputs["canaryTable"])

    verified = verify(deployed.clients, deployed.outputs)

    assert faults(verified).keys() == {"replicas", "replication"}
    assert all(finding.remedy for finding in verified.findings if not finding.ok)


def test_a_dead_letter_is_counted(deployed: Deployed):
    queue = deployed.outputs["fanOut"]["sydney"]["deadLetters"]
    deployed.clients("sqs", "ap-southeast-2").send_message(QueueUrl=queue, MessageBody="{}")

    assert faults(verify(deployed.clients, deployed.outputs)) == {"fan-out": f"sydney: dead letters in {queue}: 1"}


def test_a_stream_that_nobody_reads_is_named(deployed: Deployed):
    functions = deployed.clients("lambda", "eu-west-1")
    name = deployed.outputs["fanOut"]["ireland"]["function"]
    [mapping] = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    assert faults(verify(deployed.clients, deployed.outputs))["fan-out"].startswith(
        f"ireland: {mapping['EventSourceArn']} is Disabl"
    )

    functions.delete_event_source_mapping(UUID=mapping["UUID"])
    found = faults(verify(deployed.clients, deployed.outputs))
    assert found == {"fan-out": f"ireland: no stream leads to {name}"}


def test_an_api_that_publishes_nothing_has_no_fan_out_to_check(deployed: Deployed):
    del deployed.outputs["fanOut"]

    assert "fan-out" not in [finding.check for finding in verify(deployed.clients, deployed.outputs).findings]


def test_regions_that_share_no_data_have_no_lag_to_measure(deployed: Deployed):
    verified = verify(deployed.clients, {**deployed.outputs, "data": "regional"})

    assert [finding.check for finding in verified.findings] == ["token", "fan-out"]
    assert verified.replication == ()


def test_one_region_has_nothing_to_replicate(deployed: Deployed):
    fan_out = {"ireland": deployed.outputs["fanOut"]["ireland"]}
    alone = {**deployed.outputs, "regions": {"ireland": "eu-west-1"}, "fanOut": fan_out}

    verified = verify(deployed.clients, alone)

    assert verified.ok
    assert verified.findings[-1].seen == "one region, so nothing to replicate"

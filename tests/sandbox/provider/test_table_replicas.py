"""Global tables through the provider's real protocol, against the real emulator: what each replica is and has."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from sandbox.provider.fields import UNKNOWN
from sandbox.provider.resource import wait_until
from sandbox.provider.wire import to_dict
from tests.sandbox.provider.embedded_aws import Engine, FailedError, Resource

TABLE = "aws:dynamodb/table:Table"
HOME, SYDNEY, TOKYO = "eu-west-1", "ap-southeast-2", "ap-northeast-1"
TAGS = {"antipodes:domain": "example.com", "antipodes:table": "events"}


def replica(region: str, **settings: Any) -> dict[str, Any]:
    """A replica as a program asks for it."""
    return {"regionName": region, "pointInTimeRecovery": True, "propagateTags": True} | settings


def create(engine: Engine, name: str, *replicas: dict[str, Any], **settings: Any) -> Resource:
    inputs = {
        "name": name,
        "attributes": [{"name": "id", "type": "S"}],
        "hashKey": "id",
        "billingMode": "PAY_PER_REQUEST",
        "pointInTimeRecovery": {"enabled": True},
        "serverSideEncryption": {"enabled": True},
        "streamEnabled": True,
        "streamViewType": "NEW_AND_OLD_IMAGES",
        "deletionProtectionEnabled": False,
        "replicas": list(replicas),
        "tags": TAGS,
        "region": HOME,
    }
    return engine.create(TABLE, name, **inputs | settings)


def described(engine: Engine, name: str, region: str) -> dict[str, Any] | None:
    api = engine.clients("dynamodb", region)
    try:
        return dict(api.describe_table(TableName=name)["Table"])
    except api.exceptions.ResourceNotFoundException:
        return None


def tags_in(engine: Engine, name: str, region: str) -> dict[str, str]:
    table = described(engine, name, region)
    assert table is not None
    listed = engine.clients("dynamodb", region).list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    return {tag["Key"]: tag["Value"] for tag in listed}


def is_backed_up(engine: Engine, name: str, region: str) -> bool:
    api = engine.clients("dynamodb", region)
    backups = api.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return bool(backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED")


@contextmanager
def updates_of_tables(engine: Engine, region: str = HOME) -> Iterator[list[dict[str, Any]]]:
    """The parameters of every UpdateTable that goes to a region while the context lasts, as they were sent."""
    calls: list[dict[str, Any]] = []

    def record(params: dict[str, Any], **_: Any) -> None:
        calls.append({name: value for name, value in params.items() if name != "TableName"})

    events = engine.clients("dynamodb", region).meta.events
    events.register("provide-client-params.dynamodb.UpdateTable", record)
    try:
        yield calls
    finally:
        events.unregister("provide-client-params.dynamodb.UpdateTable", record)


def test_a_global_table_reads_back_as_it_was_made_with_a_stream_in_every_region(engine: Engine):
    table = create(engine, "whole", replica(TOKYO), replica(SYDNEY, deletionProtectionEnabled=True))
    for place, out in zip((TOKYO, SYDNEY), table.outputs["replicas"], strict=True):
        there = described(engine, "whole", place)
        assert there is not None
        assert there["TableArn"].split(":")[3] == place
        assert (out["regionName"], out["arn"]) == (place, there["TableArn"])
        assert (out["streamArn"], out["streamLabel"]) == (there["LatestStreamArn"], there["LatestStreamLabel"])
    assert engine.refresh(table) == table
    assert engine.diff(table).changes == {}
    assert engine.diff(table, replicas=list(reversed(table.inputs["replicas"]))).changes == {}, (
        "the order means nothing"
    )
    assert engine.provider.find(TABLE, table.inputs) == "whole"
    unprotected = engine.update(table, replicas=[replica(TOKYO), replica(SYDNEY)])
    engine.delete(unprotected)


def test_backups_protection_and_tags_are_every_replicas_own_and_follow_the_program(engine: Engine):
    table = create(engine, "settings", replica(SYDNEY, deletionProtectionEnabled=True), replica(TOKYO))

    def protection(region: str) -> bool:
        there = described(engine, "settings", region)
        assert there is not None
        return bool(there["DeletionProtectionEnabled"])

    assert [is_backed_up(engine, "settings", region) for region in (HOME, SYDNEY, TOKYO)] == [True, True, True]
    assert [tags_in(engine, "settings", region) for region in (HOME, SYDNEY, TOKYO)] == [TAGS, TAGS, TAGS]
    assert [protection(region) for region in (HOME, SYDNEY, TOKYO)] == [False, True, False]

    table = engine.update(
        table,
        tags={"antipodes:domain": "example.org"},
        deletionProtectionEnabled=True,
        replicas=[replica(SYDNEY), replica(TOKYO, pointInTimeRecovery=False, deletionProtectionEnabled=True)],
    )
    new_tags = {"antipodes:domain": "example.org"}
    assert [tags_in(engine, "settings", region) for region in (HOME, SYDNEY, TOKYO)] == [new_tags] * 3
    assert [is_backed_up(engine, "settings", region) for region in (HOME, SYDNEY, TOKYO)] == [True, True, False]
    assert [protection(region) for region in (HOME, SYDNEY, TOKYO)] == [True, False, True]
    assert engine.refresh(table) == table

    table = engine.update(table, deletionProtectionEnabled=False, replicas=[replica(SYDNEY), replica(TOKYO)])
    assert engine.refresh(table) == table
    engine.delete(table)


def test_tags_are_not_propagated_where_the_program_does_not_ask(engine: Engine):
    table = create(engine, "untagged", replica(SYDNEY, propagateTags=False))
    assert tags_in(engine, "untagged", SYDNEY) == {}
    assert engine.refresh(table) == table
    engine.delete(table)


def test_replicas_come_and_go_in_place_and_the_others_keep_their_rows_and_streams(engine: Engine):
    table = create(engine, "moving", replica(SYDNEY))
    engine.clients("dynamodb", HOME).put_item(TableName="moving", Item={"id": {"S": "1"}})

    def have_the_row(*regions: str) -> bool:
        """Whether the row is, or within seconds will be, in each region."""
        scans = [engine.clients("dynamodb", region).scan for region in regions]
        wait_until(lambda: all(scan(TableName="moving")["Items"] == [{"id": {"S": "1"}}] for scan in scans), "the row")
        return True

    wider = engine.diff(table, replicas=[replica(TOKYO), replica(SYDNEY)])
    assert wider.changes == {"replicas[0]": "ADD"}
    grown = engine.update(table, replicas=[replica(TOKYO), replica(SYDNEY)])
    assert have_the_row(HOME, SYDNEY, TOKYO)
    tokyo, sydney = grown.outputs["replicas"]
    assert sydney == table.outputs["replicas"][0]
    assert engine.refresh(grown) == grown

    other = engine.diff(grown, replicas=[replica(TOKYO)])
    assert other.changes == {"replicas[1]": "DELETE"}
    assert not other.replaces
    shrunk = engine.update(grown, replicas=[replica(TOKYO)])
    assert described(engine, "moving", SYDNEY) is None
    assert have_the_row(HOME, TOKYO)
    assert shrunk.outputs["replicas"] == [tokyo]

    moved = engine.diff(shrunk, replicas=[replica(SYDNEY)])
    assert moved.changes == {"replicas[0].regionName": "UPDATE"}
    assert not moved.replaces

    alone = engine.update(shrunk, replicas=[])
    assert alone.outputs["replicas"] == []
    assert have_the_row(HOME)
    assert engine.refresh(alone) == alone
    engine.delete(alone)


def test_eventually_consistent_replicas_are_made_one_a_call(engine: Engine):
    with updates_of_tables(engine) as calls:
        table = create(engine, "singly", replica(SYDNEY), replica(TOKYO))
    assert calls == [{"ReplicaUpdates": [{"Create": {"RegionName": region}}]} for region in (SYDNEY, TOKYO)]
    engine.delete(table)


def test_strongly_consistent_replicas_are_made_and_removed_in_one_call(engine: Engine):
    near = ("eu-central-1", "eu-west-2")  # of one region set with the table's own, as strong consistency takes it
    strong = [replica(region, consistencyMode="STRONG") for region in near]
    creates, deletes = ([{kind: {"RegionName": region}} for region in near] for kind in ("Create", "Delete"))
    with updates_of_tables(engine) as calls:
        table = create(engine, "strongly", *strong)
    assert calls == [{"ReplicaUpdates": creates, "MultiRegionConsistency": "STRONG"}]
    assert [out["consistencyMode"] for out in table.outputs["replicas"]] == ["STRONG", "STRONG"]
    assert engine.refresh(table) == table

    weaker = [replica(region) for region in near]
    assert not engine.diff(table, replicas=weaker).replaces
    with updates_of_tables(engine) as calls:
        table = engine.update(table, replicas=weaker)
    assert calls == [{"ReplicaUpdates": deletes}, *({"ReplicaUpdates": [create]} for create in creates)]
    assert engine.refresh(table) == table

    table = engine.update(table, replicas=strong)
    assert engine.refresh(table) == table
    with updates_of_tables(engine) as calls:
        engine.delete(table)
    assert calls == [{"ReplicaUpdates": deletes}]


def test_a_preview_knows_the_streams_that_are_there_and_not_those_to_come(engine: Engine):
    inputs = {"name": "foreseen", "hashKey": "id", "region": HOME}
    for out in engine.preview(TABLE, "foreseen", **inputs, replicas=[replica(SYDNEY)])["replicas"]:
        assert (out["regionName"], out["consistencyMode"]) == (SYDNEY, "EVENTUAL")
        assert [out[name] for name in ("arn", "streamArn", "streamLabel")] == [UNKNOWN] * 3

    table = create(engine, "foreseen", replica(SYDNEY))
    grown = engine.update(table, preview=True, replicas=[replica(TOKYO), replica(SYDNEY)])
    tokyo, sydney = grown.outputs["replicas"]
    assert sydney == table.outputs["replicas"][0]
    assert [tokyo[name] for name in ("arn", "streamArn", "streamLabel")] == [UNKNOWN] * 3
    assert grown.outputs["streamArn"] == table.outputs["streamArn"]

    renewed = engine.update(table, preview=True, streamViewType="KEYS_ONLY")
    assert [renewed.outputs[name] for name in ("streamArn", "streamLabel", "replicas")] == [UNKNOWN] * 3
    strong = engine.update(table, preview=True, replicas=[replica(SYDNEY, consistencyMode="STRONG")])
    assert (strong.outputs["streamArn"], strong.outputs["replicas"]) == (table.outputs["streamArn"], UNKNOWN)
    engine.delete(table)


def test_what_was_done_by_hand_to_a_replica_is_drift_that_the_next_update_undoes(engine: Engine):
    table = create(engine, "drifting", replica(SYDNEY), replica(TOKYO))
    sydney, tokyo = (engine.clients("dynamodb", region) for region in (SYDNEY, TOKYO))
    out = table.outputs["replicas"][0]
    sydney.untag_resource(ResourceArn=out["arn"], TagKeys=["antipodes:table"])
    sydney.update_continuous_backups(
        TableName="drifting", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )
    seen = engine.refresh(table)
    assert seen is not None
    assert seen.inputs["replicas"][0] == replica(SYDNEY, propagateTags=False, pointInTimeRecovery=False)
    assert engine.diff(seen, replicas=table.inputs["replicas"]).changes == {
        "replicas[0].pointInTimeRecovery": "UPDATE",
        "replicas[0].propagateTags": "UPDATE",
    }
    assert engine.update(seen, replicas=table.inputs["replicas"]).outputs == table.outputs

    tokyo.delete_table(TableName="drifting")
    seen = engine.refresh(table)
    assert seen is not None
    assert engine.diff(seen, replicas=table.inputs["replicas"]).changes == {"replicas[1]": "ADD"}
    repaired = engine.update(seen, replicas=table.inputs["replicas"])
    assert described(engine, "drifting", TOKYO) is not None
    assert engine.refresh(repaired) == repaired
    engine.delete(repaired)


def test_replicas_go_before_their_table_and_none_goes_from_a_protected_one(engine: Engine):
    table = create(engine, "guarded", replica(SYDNEY), replica(TOKYO), deletionProtectionEnabled=True)
    with pytest.raises(FailedError, match="protected against deletion"):
        engine.delete(table)
    assert all(described(engine, "guarded", region) for region in (HOME, SYDNEY, TOKYO))

    table = engine.update(table, deletionProtectionEnabled=False)
    with updates_of_tables(engine) as calls:
        engine.delete(table)
    deletes = [{"Delete": {"RegionName": region}} for region in (TOKYO, SYDNEY)]
    assert calls == [{"ReplicaUpdates": [delete]} for delete in deletes]
    assert not any(described(engine, "guarded", region) for region in (HOME, SYDNEY, TOKYO))
    engine.delete(table)


def test_a_region_given_twice_is_refused_before_anything_is_made(engine: Engine):
    with pytest.raises(FailedError, match=f"the replica {SYDNEY} is given more than once") as failure:
        create(engine, "doubled", replica(SYDNEY), replica(SYDNEY))
    assert failure.value.incomplete is None
    assert described(engine, "doubled", HOME) is None


def test_a_table_whose_replica_could_not_be_made_is_completed_by_the_next_deployment(engine: Engine):
    obstacle = engine.clients("dynamodb", TOKYO)
    obstacle.create_table(
        TableName="half",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    with pytest.raises(FailedError, match="UpdateTable") as failure:
        create(engine, "half", replica(SYDNEY), replica(TOKYO))
    assert failure.value.incomplete == "half"
    assert failure.value.inputs["name"] == "half"
    obstacle.delete_table(TableName="half")

    kept = Resource(TABLE, "half", "half", failure.value.inputs, failure.value.inputs)
    assert engine.diff(kept).changes == {}
    completed = engine.update(kept)
    assert [out["regionName"] for out in completed.outputs["replicas"]] == [SYDNEY, TOKYO]
    assert [tags_in(engine, "half", region) for region in (SYDNEY, TOKYO)] == [TAGS, TAGS]
    assert engine.refresh(completed) == completed
    engine.delete(completed)


def test_an_import_finds_the_replicas(engine: Engine):
    """So a create that was cut short between two replicas is told by what it has made."""
    table = create(engine, "imported", replica(SYDNEY))
    answer = engine.stub.Read(provider_pb2.ReadRequest(id=f"imported@{HOME}", urn=table.urn))
    assert to_dict(answer.inputs)["replicas"] == [{"regionName": SYDNEY, "pointInTimeRecovery": True}]
    engine.delete(table)


def test_a_stream_is_turned_off_before_it_shows_something_else(engine: Engine):
    table = create(engine, "streaming")
    with updates_of_tables(engine) as calls:
        changed = engine.update(table, streamViewType="KEYS_ONLY")
    assert calls == [
        {"StreamSpecification": {"StreamEnabled": False}},
        {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}},
    ]
    assert changed.outputs["streamArn"] != table.outputs["streamArn"]
    with updates_of_tables(engine) as calls:
        off = engine.update(changed, streamEnabled=None, streamViewType=None)
    assert calls == [{"StreamSpecification": {"StreamEnabled": False}}]
    assert engine.refresh(off) == off
    engine.delete(off)

"""What the rules of data mend by themselves, where their level is `remediate`."""

from copy import deepcopy
from typing import Any

import pytest
from pulumi_policy import PolicyCustomTimeouts, PolicyResourceOptions, ResourceValidationArgs, ResourceValidationPolicy
from pulumi_policy.deserialize import deserialize_properties, serialize_properties
from pulumi_policy.proxy import UNKNOWN_ARRAY_VALUE, UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policy.rules import POLICIES
from tests.policy.recorded import recording

TABLE = "aws:dynamodb/table:Table"
QUEUE = "aws:sqs/queue:Queue"
_SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "s3cret"}


def mended(rule: str, kind: str, properties: dict[str, Any], **settings: Any) -> Any:
    """What the engine gets back from the rule: the properties as they should be, or None where it mends nothing."""
    (policy,) = [each for each in POLICIES if each.name == rule]
    assert isinstance(policy, ResourceValidationPolicy)
    options = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])  # noqa: FBT003 - protect
    shown: Any = unknown_checking_proxy(deserialize_properties(deepcopy(properties), proxy_secrets=True))
    args = ResourceValidationArgs(kind, shown, "urn:pulumi:dev::p::t::it", "it", options, None, settings)
    result: Any = policy.remediate(args)
    return None if result is None else serialize_properties(result)


def table(**properties: Any) -> dict[str, Any]:
    (found,) = recording("protected").find(f"{TABLE} events-table")
    return {**deepcopy(dict(found.inputs)), **properties}


def replica(**properties: Any) -> dict[str, Any]:
    return {"regionName": "ap-southeast-2", "pointInTimeRecovery": True, **properties}


@pytest.mark.parametrize(
    ("rule", "kind", "given"),
    [
        ("data-stream-view", TABLE, {}),
        ("data-replica-deletion-protection", TABLE, {}),
        ("data-queue-encryption", QUEUE, {"sqsManagedSseEnabled": True}),
        ("data-queue-encryption", QUEUE, {}),
        ("data-queue-encryption", QUEUE, {"sqsManagedSseEnabled": False, "kmsMasterKeyId": UNKNOWN_STRING_VALUE}),
        ("data-stream-view", TABLE, {"streamViewType": UNKNOWN_STRING_VALUE}),
        ("data-stream-view", TABLE, {"replicas": UNKNOWN_ARRAY_VALUE, "streamEnabled": False}),
        ("data-stream-view", TABLE, {"replicas": [], "streamEnabled": False}),
        ("data-stream-view", TABLE, {"replicas": [replica(consistencyMode="STRONG")], "streamEnabled": False}),
        ("data-replica-deletion-protection", TABLE, {"deletionProtectionEnabled": False, "replicas": [replica()]}),
        ("data-replica-deletion-protection", TABLE, {"replicas": UNKNOWN_ARRAY_VALUE}),
        ("data-stream-view", QUEUE, {"replicas": [replica()]}),
    ],
)
def test_what_is_right_or_not_known_yet_is_let_be(rule: str, kind: str, given: dict[str, Any]):
    assert mended(rule, kind, table(**given) if kind == TABLE else given) is None


@pytest.mark.parametrize("wrong", [{"streamEnabled": False}, {"streamViewType": "KEYS_ONLY"}])
def test_a_replicated_table_gets_the_stream_that_replication_needs(wrong: dict[str, Any]):
    assert mended("data-stream-view", TABLE, table(**wrong)) == table()


def test_every_replica_of_a_protected_table_is_protected():
    replicas = [replica(), replica(regionName="us-east-1", deletionProtectionEnabled=False)]

    result = mended("data-replica-deletion-protection", TABLE, table(replicas=replicas))

    assert result == table(replicas=[{**each, "deletionProtectionEnabled": True} for each in replicas])


def test_a_queue_is_encrypted_again_and_all_else_stays_as_it_was_secrets_and_unknown_values_too():
    queue = {"sqsManagedSseEnabled": False, "policy": _SECRET, "redrivePolicy": UNKNOWN_STRING_VALUE}

    assert mended("data-queue-encryption", QUEUE, queue) == {**queue, "sqsManagedSseEnabled": True}


def test_what_is_exempt_is_not_mended():
    assert mended("data-queue-encryption", QUEUE, {"sqsManagedSseEnabled": False}, exempt=["it"]) is None

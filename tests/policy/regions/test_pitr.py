"""What `regions-pitr` makes of a table when the user sets its level to `remediate`."""

from copy import deepcopy
from typing import Any

import pytest
from pulumi_policy import ResourceValidationArgs
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE
from pulumi_policy.secret import secrets_preserving_proxy

from policy.rules.regions.pitr import RULE

TABLE = "aws:dynamodb/table:Table"
REPLICA = "aws:dynamodb/tableReplica:TableReplica"
SAFE = {
    "name": "events",
    "pointInTimeRecovery": {"enabled": True},
    "replicas": [{"regionName": "ap-southeast-2", "pointInTimeRecovery": True}],
}


def mended(kind: str, props: dict[str, Any]) -> Any:
    """The properties as the engine gets them back; None where nothing is mended."""
    shown: Any = secrets_preserving_proxy(deepcopy(props))
    made: Any = RULE.remediate(ResourceValidationArgs(kind, shown, "urn:pulumi:dev::p::t::n", "n", None, None))  # type: ignore[arg-type]
    return made and serialize_properties(made)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pointInTimeRecovery", {"enabled": False}),
        ("replicas", [{"regionName": "ap-southeast-2", "pointInTimeRecovery": False}]),
        ("replicas", [{"regionName": "ap-southeast-2"}]),
    ],
)
def test_a_table_with_replicas_gets_recovery_everywhere(key: str, value: Any) -> None:
    assert mended(TABLE, {**SAFE, key: value}) == SAFE


def test_a_table_that_says_nothing_of_recovery_gets_it() -> None:
    silent = {key: value for key, value in SAFE.items() if key != "pointInTimeRecovery"}

    assert mended(TABLE, silent) == SAFE


def test_what_is_not_known_yet_stays_so() -> None:
    tags = {"tags": UNKNOWN_STRING_VALUE}

    assert mended(TABLE, {**SAFE, **tags, "pointInTimeRecovery": {"enabled": False}}) == SAFE | tags


def test_a_table_keeps_how_long_it_can_be_recovered() -> None:
    recovery = {"enabled": False, "recoveryPeriodInDays": 7}

    made = mended(TABLE, {**SAFE, "pointInTimeRecovery": recovery})

    assert made["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 7}


def test_a_replica_that_is_a_resource_of_its_own_gets_it_too() -> None:
    given = {"globalTableArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/events"}

    assert mended(REPLICA, given) == {**given, "pointInTimeRecovery": True}


@pytest.mark.parametrize(
    "props",
    [
        pytest.param(SAFE, id="all is well"),
        pytest.param({"name": "events"}, id="a table of one region"),
        pytest.param({**SAFE, "replicas": UNKNOWN_STRING_VALUE}, id="replicas that are not known yet"),
        pytest.param({**SAFE, "replicas": [UNKNOWN_STRING_VALUE]}, id="a replica of which nothing is known yet"),
    ],
)
def test_what_needs_no_mending_or_cannot_be_mended_stays_as_it_is(props: dict[str, Any]) -> None:
    assert mended(TABLE, props) is None

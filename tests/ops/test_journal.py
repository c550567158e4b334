from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.deployment import Deployment
from ops.journal import BEGUN, DONE, FAILED, INTERRUPTED, Clock, Entry, Record, entries, recorded, unfinished
from tests.ops.conftest import Deployed, without

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def at(moment: datetime) -> Clock:
    return lambda: moment


def told(deployment: Deployment, *, now: datetime = NOON) -> list[str]:
    """What is said to people while an operation of one step drains Sydney."""
    said: list[str] = []
    with recorded(deployment, "drain", "sydney", tell=said.append, now=at(now)) as record:
        record.step("Did it.")
    return said


def test_an_operation_is_recorded_with_its_steps_and_its_end(deployment: Deployment):
    assert told(deployment) == ["Did it."]

    (entry,) = entries(deployment)
    assert entry.id.startswith("operation/2026-11-21T12:00:00.000Z-")
    assert (entry.what, entry.region, entry.at) == ("drain", "sydney", "2026-11-21T12:00:00.000Z")
    assert (entry.outcome, entry.steps) == (DONE, ("Did it.",))
    assert entry.by.startswith("arn:aws:")


def test_a_record_is_kept_for_ninety_days(deployment: Deployment):
    told(deployment)

    table = deployment.clients("dynamodb", "eu-west-1").scan(TableName=deployment.outputs["canaryTable"])
    assert [int(item["expires"]["N"]) for item in table["Items"]] == [int((NOON + timedelta(days=90)).timestamp())]


def test_the_region_in_trouble_is_not_asked_to_keep_the_record(deployment: Deployment):
    assert told(without(deployment, "ap-southeast-2")) == ["Did it."]

    assert [entry.outcome for entry in entries(deployment)] == [DONE]
    assert [entry.outcome for entry in entries(without(deployment, "ap-southeast-2"))] == [DONE]


def test_an_operation_goes_on_where_nobody_takes_its_record_and_says_so(deployment: Deployment):
    assert told(without(deployment, "dynamodb")) == [
        "Did it.",
        "No region took the last record of this operation; done is not in the journal.",
    ]
    assert entries(without(deployment, "dynamodb")) == []


def test_who_did_it_is_unknown_where_sts_does_not_answer(deployment: Deployment):
    told(without(deployment, "sts"))

    assert [entry.by for entry in entries(deployment)] == ["unknown"]


def test_what_went_wrong_is_on_record(deployment: Deployment):
    def fail(_: Record) -> None:
        raise ValueError("no such luck")

    with pytest.raises(ValueError, match="no such luck"), recorded(deployment, "drain", tell=lambda _: None) as record:
        fail(record)

    assert [(entry.outcome, entry.reason) for entry in entries(deployment)] == [(FAILED, "no such luck")]


def test_an_operation_is_on_record_before_its_end_and_so_is_its_interruption(deployment: Deployment):
    def interrupt(record: Record) -> None:
        record.step("Did the half of it.")
        assert [(entry.outcome, entry.steps) for entry in entries(deployment)] == [(BEGUN, record.entry.steps)]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), recorded(deployment, "drain", tell=lambda _: None) as record:
        interrupt(record)

    assert [(entry.outcome, entry.steps) for entry in entries(deployment)] == [(INTERRUPTED, ("Did the half of it.",))]


def test_the_latest_operations_come_first_and_no_more_than_asked(deployment: Deployment):
    for hour in (2, 1, 3):
        told(deployment, now=NOON + timedelta(hours=hour))

    assert [entry.at[11:13] for entry in entries(deployment, count=2)] == ["15", "14"]


def test_what_else_is_in_the_table_is_no_operation(deployment: Deployment):
    item = {"id": {"S": "drain/sydney"}, "drained": {"BOOL": True}}
    deployment.clients("dynamodb", "eu-west-1").put_item(TableName=deployment.outputs["canaryTable"], Item=item)

    assert entries(deployment) == []


@pytest.mark.parametrize(
    ("latest_first", "left"),
    [
        ([("a", BEGUN)], ["a"]),
        ([("a", DONE), ("a", BEGUN), ("a", FAILED)], []),
        ([("b", DONE), ("a", FAILED)], ["a"]),
        ([("a", INTERRUPTED), ("a", DONE)], ["a"]),
    ],
)
def test_an_operation_that_did_not_end_well_is_unfinished_until_another_about_its_region_did(
    latest_first: list[tuple[str, str]], left: list[str]
):
    made = [
        Entry(str(place), "drain", region, "me", "", outcome) for place, (region, outcome) in enumerate(latest_first)
    ]

    assert [entry.region for entry in unfinished(made)] == left


@pytest.mark.parametrize("later", ["eu-west-1", "us-west-2"])
def test_of_two_regions_the_one_that_knows_more_of_an_operation_is_believed(
    deployment: Deployment, aws: Any, later: str
):
    table = deployment.outputs["canaryTable"]
    Deployed(aws, {}).table(table, "us-west-2")  # no replica, so it tells its own
    outputs = {**deployment.outputs, "regions": {"ireland": "eu-west-1", "oregon": "us-west-2"}}
    stack = replace(deployment, outputs=outputs)
    begun = Entry("operation/1", "drain", "tokyo", "me", "2026-11-21T12:00:00.000Z")
    done = replace(begun, outcome=DONE, steps=("Did it.",))

    for region in outputs["regions"].values():
        record = Record([stack.clients("dynamodb", region)], table, begun, 0, lambda _: None)
        record.write(done if region == later else begun)

    assert entries(stack) == [done]

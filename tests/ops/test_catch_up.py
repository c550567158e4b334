from dataclasses import replace
from typing import Any

import pytest

from ops import catch_up, journal
from ops.deployment import Deployment
from ops.errors import OperationError
from tests.ops import api as apis
from tests.ops.api import Api
from tests.ops.conftest import without


def confirmed(stack: Deployment, patience: float = 5.0) -> list[str]:
    said: list[str] = []
    with journal.recorded(stack, "evacuate", "sydney", tell=said.append) as record:
        catch_up.confirm(stack, "sydney", record, patience)
    return said


class Behind(Api):
    """Its fan-out got records that were two minutes old."""

    def value(self, metric: str) -> float | None:
        return 120_000.0 if metric == "IteratorAge" else super().value(metric)


class Sqs:
    def __init__(self, letters: int) -> None:
        self._letters = letters

    def get_queue_attributes(self, **_: Any) -> Any:
        return {"Attributes": {"ApproximateNumberOfMessages": str(self._letters)}}


def with_fan_out(stack: Deployment, api: Api, letters: int = 0) -> Deployment:
    """The stack with a fan-out in each region, whose CloudWatch and queue say this."""
    made = {key: {"function": f"{key}-fan-out", "deadLetters": f"https://sqs/{key}"} for key in stack.regions}
    watched = apis.clients(stack.clients, api)

    def clients(service: str, region: str) -> Any:
        return Sqs(letters) if service == "sqs" else watched(service, region)

    return replace(stack, outputs={**stack.outputs, "fanOut": made}, clients=clients)


def test_a_region_that_is_silent_does_not_keep_the_others_from_being_confirmed(deployment: Deployment) -> None:
    regions = {**deployment.regions, "tokyo": "ap-northeast-1"}
    stack = without(replace(deployment, outputs={**deployment.outputs, "regions": regions}), "ap-northeast-1")

    arrived, silent = confirmed(stack)

    assert arrived.startswith("A write in sydney has arrived in ireland: data has caught up there")
    assert silent.startswith("Not confirmed that data has caught up in tokyo: it does not answer")


def test_a_write_that_does_not_arrive_is_an_error_and_leaves_nothing(deployment: Deployment) -> None:
    table = deployment.outputs["canaryTable"]
    deployment.clients("dynamodb", "ap-southeast-2").create_table(
        TableName=f"{table}.alone",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    deployment.clients("dynamodb", "eu-west-1").create_table(
        TableName=f"{table}.alone",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    stack = replace(deployment, outputs={**deployment.outputs, "canaryTable": f"{table}.alone"})

    with pytest.raises(OperationError, match=r"A write in sydney did not arrive in ireland within 0\.2 s"):
        confirmed(stack, patience=0.2)

    items = stack.clients("dynamodb", "ap-southeast-2").scan(TableName=f"{table}.alone")["Items"]
    assert items == []


def test_subscribers_elsewhere_were_told_of_what_arrived(deployment: Deployment) -> None:
    stack = with_fan_out(deployment, Api("eu-west-1"))

    assert confirmed(stack)[1:] == [
        "The fan-out is up to date in ireland: subscribers there were told of what arrived."
    ]


def test_what_subscribers_could_not_be_told_is_said(deployment: Deployment) -> None:
    stack = with_fan_out(deployment, Api("eu-west-1"), letters=3)

    assert confirmed(stack)[1] == (
        "3 changes could not be told to subscribers in ireland: they are dead letters in https://sqs/ireland, each "
        "with its reason."
    )


def test_a_fan_out_that_is_behind_is_an_error(deployment: Deployment) -> None:
    with pytest.raises(OperationError, match=r"the fan-out is behind in ireland by 120 s"):
        confirmed(with_fan_out(deployment, Behind("eu-west-1")))


def test_a_fan_out_of_which_nothing_is_known_is_said(deployment: Deployment) -> None:
    stack = with_fan_out(deployment, Api("eu-west-1", is_watched=False))

    (said,) = confirmed(stack)[1:]

    assert said.startswith("Not confirmed that subscribers in ireland were told of all:")

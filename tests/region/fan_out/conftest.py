"""What the function reaches over the network: an endpoint that checks signatures, and a queue of the emulator."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.session import Session

from tests.api.conftest import emulator
from tests.region.fan_out.appsync import REGION, AppSync, appsync

__all__ = ["emulator"]


@pytest.fixture
def api() -> Iterator[AppSync]:
    with appsync() as here:
        yield here


@dataclass(frozen=True)
class Queue:
    """The dead-letter queue, and the session of a function that may write to it."""

    url: str
    session: Session
    letters: Callable[[], list[Any]]


@pytest.fixture
def queue(emulator: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    for name, value in {
        "AWS_ENDPOINT_URL": emulator,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="letters")["QueueUrl"]

    def letters() -> list[Any]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(each["Body"]) for each in found]

    yield Queue(url, Session(), letters)
    sqs.delete_queue(QueueUrl=url)

"""What the function reaches over the network: an endpoint that checks signatures, and a queue of the emulator."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.session import Session

from tests.api.conftest import at_emulator, emulator
from tests.region.fan_out.appsync import AppSync, appsync

__all__ = ["at_emulator", "emulator"]


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
def queue(at_emulator: None) -> Iterator[Queue]:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="letters")["QueueUrl"]

    def letters() -> list[Any]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(each["Body"]) for each in found]

    yield Queue(url, Session(), letters)
    sqs.delete_queue(QueueUrl=url)

from typing import Any

import pytest
import urllib3

from region.health.api import Api, NoAnswerError, judge
from region.health.api_token import Token
from tests.region.health.appsync import AppSync


class Asker:
    def __init__(self, appsync: AppSync, seconds: float = 30) -> None:
        self.sent = 0
        self.now = 1000.0
        self.secret = "right"
        token = Token(lambda: self.secret, lambda: self.now)
        self.api = Api(appsync.url, "{ region }", token, self._count, seconds)

    def _count(self) -> None:
        self.sent += 1


def test_the_query_is_asked_as_a_client_asks_it(appsync: AppSync) -> None:
    asker = Asker(appsync)
    asker.api.ask()

    assert appsync.asked == ["{ region }"]
    assert asker.sent == 1


def test_a_token_that_was_renewed_is_used_at_once_and_each_request_is_counted(appsync: AppSync) -> None:
    asker = Asker(appsync)
    asker.api.ask()
    appsync.token = asker.secret = "renewed"
    asker.now += 6
    asker.api.ask()

    assert asker.sent == 3


def test_a_token_that_the_region_refuses_is_a_failure(appsync: AppSync) -> None:
    appsync.token = "another"

    with pytest.raises(NoAnswerError, match="HTTP 401"):
        Asker(appsync).api.ask()


def test_an_api_that_does_not_answer_in_time_is_a_failure(appsync: AppSync) -> None:
    appsync.seconds = 1

    with pytest.raises(urllib3.exceptions.TimeoutError):
        Asker(appsync, seconds=0.1).api.ask()


def test_an_api_that_cannot_be_reached_is_a_failure_that_is_not_tried_again(appsync: AppSync) -> None:
    asker = Asker(appsync)
    appsync.stop()

    with pytest.raises(urllib3.exceptions.HTTPError):
        asker.api.ask()
    assert asker.sent == 1


@pytest.mark.parametrize("body", [b'{"data": {"region": "eu-west-1"}}', b'{"data": {"first": null}, "errors": []}'])
def test_an_answer_with_data_is_one(body: bytes) -> None:
    assert judge(200, body) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'{"data": {"region": null}, "errors": [{"message": "failed"}]}'),
        (200, b'{"data": null}'),
        (200, b"{}"),
        (200, b"[]"),
        (200, b"<html>"),
        (500, b'{"data": {"region": "eu-west-1"}}'),
        (429, b""),
    ],
)
def test_anything_else_is_none_and_what_was_said_is_told(status: int, body: bytes) -> None:
    said: Any = judge(status, body)

    assert said.startswith(f"HTTP {status}: ")
    assert body.decode() in said

"""The function as Lambda runs it: its package's own publications, its environment, a real endpoint and a real queue."""

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.region.fan_out.appsync import CREDENTIALS, REGION, AppSync
from tests.region.fan_out.conftest import Queue
from tests.region.fan_out.stream import DOCUMENT, FIELD, record

SOURCE = Path(__file__).resolve().parents[3] / "region" / "fan_out"

Handle = Callable[..., list[str]]


class Context:
    def __init__(self, left: int) -> None:
        self._left = left

    def get_remaining_time_in_millis(self) -> int:
        return self._left


@pytest.fixture
def handle(api: AppSync, queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handle]:
    shutil.copytree(SOURCE, tmp_path / "fan_out", ignore=shutil.ignore_patterns("__pycache__"))
    how = {"field": FIELD, "document": DOCUMENT}
    (tmp_path / "fan_out" / "publications.json").write_text(
        json.dumps({"example.com.things": {"INSERT": how, "MODIFY": how}}), encoding="utf-8"
    )
    for name, value in {
        "GRAPHQL_URL": api.url,
        "DEAD_LETTERS": queue.url,
        "DOMAIN": "example.com",
        "REGION_KEY": "ireland",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
        "AWS_SESSION_TOKEN": CREDENTIALS.token,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(tmp_path))
    handler = importlib.import_module("fan_out.handler").handler

    def invoke(*records: dict[str, Any], left: int = 60_000) -> list[str]:
        answer = handler({"Records": list(records)}, Context(left))
        assert set(answer) == {"batchItemFailures"}
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    yield invoke
    for name in [name for name in sys.modules if name.partition(".")[0] == "fan_out"]:
        del sys.modules[name]


def test_a_batch_is_published_and_what_the_table_does_not_publish_is_passed_over(api: AppSync, handle: Handle) -> None:
    assert handle(record(1, "INSERT", "a"), record(2, "REMOVE", "a"), record(3, "MODIFY", "b")) == []
    assert sorted(item["id"] for item in api.published) == ["a", "b"]


def test_a_batch_comes_back_from_its_failed_change_on_and_is_told_once(api: AppSync, handle: Handle) -> None:
    api.answers = [(503, {})]
    batch = [record(1, n={"N": "1"}), record(2, n={"N": "2"})]

    assert handle(*batch) == ["101", "102"]
    assert handle(*batch) == []
    assert handle(*batch) == []
    assert [item["n"] for item in api.published] == [1, 2]


def test_poison_ends_in_the_queue_at_once_and_the_next_change_of_its_item_is_told(
    api: AppSync, queue: Queue, handle: Handle
) -> None:
    api.answers = [(200, {"data": {FIELD: None}, "errors": [{"errorType": "Code", "message": "cannot"}]})]
    poison = record(1, n={"N": "1"})

    assert handle(poison, record(2, n={"N": "2"})) == []

    (letter,) = queue.letters()
    assert letter["record"] == poison
    assert "cannot" in letter["reason"]
    assert [item["n"] for item in api.published] == [2]


def test_poison_that_no_queue_takes_is_not_lost(
    api: AppSync, queue: Queue, handle: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    api.answers = [(413, {})]

    assert handle(record(1)) == ["101"]


def test_an_answer_is_given_before_lambda_ends_the_function(api: AppSync, handle: Handle) -> None:
    assert handle(record(1), record(2, key="b"), left=20_000) == ["101", "102"]
    assert api.published == []


def test_the_log_says_how_many_publications_appsync_was_sent(
    handle: Handle, capsys: pytest.CaptureFixture[str]
) -> None:
    handle(record(1, "INSERT", "a"), record(2, "MODIFY", "a"), record(3, "INSERT", "b"))
    said = json.loads(capsys.readouterr().out)
    assert (said["Domain"], said["Region"], said["Publications"]) == ("example.com", "ireland", 3)
    (directive,) = said["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Antipodes"
    assert directive["Metrics"] == [{"Name": "Publications", "Unit": "Count"}]
    handle(record(4, "REMOVE", "a"))
    assert capsys.readouterr().out == ""

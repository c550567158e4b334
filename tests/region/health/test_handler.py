"""The function as Lambda runs it: its package's own query, its environment, real tables and a real secret."""

import importlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.api.conftest import REGION
from tests.region.health.appsync import AppSync

SOURCE = Path(__file__).resolve().parents[3] / "region" / "health"
TABLES = {"example.com.events": {"id": "S"}, "example.com.comments": {"eventId": "S", "at": "N"}}
CANARY = "example.com.antipodes-canary"


class Function:
    """Invoked through its URL; a probe is never taken from the last one, unless time stands still."""

    def __init__(self, module: Any, appsync: AppSync) -> None:
        self.module = module
        self.appsync = appsync
        self.dynamodb = boto3.client("dynamodb")

    def ask(self, path: str = "/") -> tuple[int, Any]:
        event = {"rawPath": path, "requestContext": {"http": {"method": "GET", "path": path}}}
        answer = self.module.handler(event, None)
        return answer["statusCode"], json.loads(answer["body"])

    def parts(self) -> dict[str, str]:
        status, told = self.ask()
        assert (status, told["status"]) in [(200, "healthy"), (503, "unhealthy")]
        parts: dict[str, str] = told["parts"]
        return parts

    def drain(self, key: str, *, drained: bool) -> None:
        self.dynamodb.put_item(TableName=CANARY, Item={"id": {"S": f"drain/{key}"}, "drained": {"BOOL": drained}})


def _create(dynamodb: Any, name: str, keys: dict[str, str]) -> None:
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in keys.items()],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],
    )


@pytest.fixture
def function(
    at_emulator: None, appsync: AppSync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Function]:
    dynamodb, secrets = boto3.client("dynamodb"), boto3.client("secretsmanager")
    tables = {**TABLES, CANARY: {"id": "S"}}
    for name, keys in tables.items():
        _create(dynamodb, name, keys)
    secrets.create_secret(Name="antipodes/example.com/token", SecretString=appsync.token)
    shutil.copytree(SOURCE, tmp_path / "health", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "health" / "query.graphql").write_text("{ region }", encoding="utf-8")
    for name, value in {
        "REGION_KEY": "ireland",
        "DOMAIN": "example.com",
        "VERSION": "0123456789ab",
        "GRAPHQL_URL": appsync.url,
        "TOKEN_SECRET": "antipodes/example.com/token",
        "CANARY_TABLE": CANARY,
        "TABLES": json.dumps(TABLES),
        "FAN_OUT": "ireland-fan-out",
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("health.handler")
    monkeypatch.setattr(module, "_SECONDS", 30)  # that a busy machine has nothing to be called slow for
    monkeypatch.setattr(module._answers._parts, "_seconds", 0)
    yield Function(module, appsync)
    for name in [name for name in sys.modules if name.partition(".")[0] == "health"]:
        del sys.modules[name]
    left = set(dynamodb.list_tables()["TableNames"]) & set(tables)
    for name in left:
        dynamodb.delete_table(TableName=name)
    secrets.delete_secret(SecretId="antipodes/example.com/token", ForceDeleteWithoutRecovery=True)


def test_a_region_that_works_is_healthy_and_tells_cloudwatch_so(
    function: Function, capsys: pytest.CaptureFixture[str]
) -> None:
    assert function.parts() == {"tables": "ok", "canary": "ok", "api": "ok", "stream": "unknown"}
    assert function.appsync.asked == ["{ region }"]
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["Region"], told["Healthy"], told["Probes"]) == ("ireland", 1, 1)
    assert told["CanaryLatency"] > 0


def test_a_region_is_unhealthy_by_what_it_has_lost_and_says_only_which_part(
    function: Function, capsys: pytest.CaptureFixture[str]
) -> None:
    function.dynamodb.delete_table(TableName="example.com.comments")
    status, told = function.ask()

    assert (status, told["parts"]["tables"], told["parts"]["canary"]) == (503, "failed", "ok")
    assert "comments" not in json.dumps(told)
    assert "tables: ResourceNotFoundException" in capsys.readouterr().out

    function.dynamodb.delete_table(TableName=CANARY)
    assert function.parts()["canary"] == "failed"


def test_a_region_whose_api_fails_is_unhealthy(function: Function) -> None:
    function.appsync.answer = {"data": {"region": None}, "errors": [{"message": "the region failed"}]}

    assert function.parts() == {"tables": "ok", "canary": "ok", "api": "failed", "stream": "unknown"}


def test_many_who_ask_are_given_one_look(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function.module._answers._parts, "_seconds", 3600)
    for _ in range(20):
        assert function.ask()[0] == 200

    assert len(function.appsync.asked) == 1


def test_a_fan_out_that_is_behind_makes_a_region_unhealthy(function: Function) -> None:
    name = {"Name": "FunctionName", "Value": "ireland-fan-out"}
    age = {"MetricName": "IteratorAge", "Dimensions": [name], "Value": 400_000.0, "Unit": "Milliseconds"}
    boto3.client("cloudwatch").put_metric_data(Namespace="AWS/Lambda", MetricData=[age])

    assert function.parts()["stream"] == "failed"


def test_a_drained_region_is_known_by_what_lies_here_even_while_all_else_fails(function: Function) -> None:
    function.appsync.stop()
    for name in TABLES:
        function.dynamodb.delete_table(TableName=name)
    function.drain("sydney", drained=True)
    function.drain("tokyo", drained=False)

    assert function.ask()[0] == 503
    assert function.ask("/drain/sydney") == (200, {"region": "sydney", "drained": True})
    assert function.ask("/drain/tokyo") == (404, {"region": "tokyo", "drained": False})
    assert function.ask("/drain/virginia") == (404, {"region": "virginia", "drained": False})

    function.dynamodb.delete_table(TableName=CANARY)
    assert function.ask("/drain/sydney") == (503, {"region": "sydney", "drained": None})

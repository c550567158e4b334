import io
import json
import sys
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from cli import local
from cli.commands import down as command
from cli.commands.down import down, unexplained
from cli.errors import CommandError, UsageError
from cli.events import Report
from cli.stack_state import StateError

INVENTORY = [
    "lambda us-east-1: edge-router-function-1",
    "lambda us-east-1: edge-router-function-10",
    "logs eu-west-2: /aws/lambda/us-east-1.edge-router-function-1",
    "logs eu-west-2: /aws/lambda/edge-router-function-1",
    "dynamodb eu-west-1: edge-router-function-1-table",
]


def test_what_outlives_a_stack_by_aws_own_rule_is_not_told_as_left_behind():
    assert unexplained(INVENTORY, ["edge-router-function-1"]) == [INVENTORY[1], INVENTORY[3], INVENTORY[4]]
    assert unexplained(INVENTORY, []) == INVENTORY


class Engine:
    """Of a stack that is deployed, with one table."""

    def __init__(self, *, protected: bool = False) -> None:
        table = {"region": "eu-west-1", "name": "events", "deletionProtectionEnabled": protected}
        self.settings = SimpleNamespace(stack_file=None)
        self.resources: list[dict[str, Any]] = [
            {"type": "pulumi:pulumi:Stack"},
            {"type": "aws:dynamodb/table:Table", "inputs": table},
        ]

    def export(self) -> dict[str, Any]:
        return {"deployment": {"resources": self.resources}}

    def outputs(self) -> dict[str, Any]:
        return {"domain": "example.com"} if self.resources else {}

    def destroy(self) -> Report:
        gone, self.resources = len(self.resources), []
        return Report(changes=Counter({"delete": gone}))


class Tags:
    """Those of one function of the edge."""

    def get_paginator(self, _: str) -> "Tags":
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"ResourceTagMappingList": [{"ResourceARN": "arn:aws:lambda:us-east-1:1:function:router-1"}]}]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The engine of the stack `prod`, which is on AWS."""
    made = Engine()
    session = SimpleNamespace(engine=made, state=made, daemon=None, client=lambda *_: Tags())
    monkeypatch.setattr(command, "open_engine", lambda *_: session)
    return made


@pytest.mark.parametrize("as_json", [True, False])
def test_a_stack_on_aws_is_not_destroyed_where_nobody_can_be_asked(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, as_json: bool
):
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))

    with pytest.raises(UsageError, match=r"^destroy prod: .* --yes was not given\. Nothing was done\."):
        down("prod", json=as_json)

    assert len(engine.resources) == 2
    assert "To destroy prod:\n  1. Delete 2 resources.\n" in capsys.readouterr().err


def test_a_stack_on_aws_is_destroyed_with_a_yes_and_what_stays_is_told(
    engine: Engine, capsys: pytest.CaptureFixture[str]
):
    down("prod", yes=True, json=True)

    assert not engine.resources
    told = json.loads(capsys.readouterr().out)
    assert told["operation"] == "destroy prod"
    assert told["steps"][1] == "Delete with them the tables and all their rows: events in eu-west-1."
    assert (told["changes"], told["left"], told["retained"]) == ({"delete": 2}, [], ["router-1"])


def test_where_nothing_is_deployed_nobody_is_asked_and_what_stays_is_told(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    engine.resources = []
    monkeypatch.setattr("cli.stack_file.domain", lambda _: "example.com")

    down("prod", json=True)

    told = json.loads(capsys.readouterr().out)
    assert (told["steps"], told["changes"], told["retained"]) == ([], {}, ["router-1"])


def test_a_protected_stack_is_refused_before_any_question(engine: Engine, capsys: pytest.CaptureFixture[str]):
    engine.resources = Engine(protected=True).resources

    with pytest.raises(CommandError, match="the stack is protected"):
        down("prod", yes=True)

    assert "To destroy" not in capsys.readouterr().err
    assert engine.resources


@pytest.mark.parametrize("keep", [True, False])
def test_the_stack_of_the_sandbox_goes_unasked(engine: Engine, monkeypatch: pytest.MonkeyPatch, *, keep: bool):
    ended: list[str] = []
    daemon = SimpleNamespace(ports=SimpleNamespace(aws_endpoint=""))
    session = SimpleNamespace(engine=engine, state=engine, daemon=daemon, client=lambda *_: Tags())
    monkeypatch.setattr(command, "open_engine", lambda *_: session)
    monkeypatch.setattr("cli.local.is_running", lambda _: True)
    monkeypatch.setattr("cli.commands.down.list_resources", lambda _: ["lambda us-east-1: router-1"])
    monkeypatch.setattr("cli.local.stop", lambda _: ended.append("sandbox"))
    monkeypatch.setattr("cli.controls.ask", lambda *_: ended.append("faults"))

    down(keep_sandbox=keep)

    assert not engine.resources
    assert ended == ([] if keep else ["faults", "sandbox"])


def test_a_state_that_cannot_be_read_keeps_nobody_from_ending_the_embedded_aws(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def unreadable(*_: Any) -> None:
        raise StateError("no state")

    ended: list[Any] = []
    monkeypatch.setattr(command, "open_engine", unreadable)
    monkeypatch.setattr(local, "is_running", lambda _: True)
    monkeypatch.setattr(local, "stop", ended.append)

    with pytest.raises(StateError):
        down("local", keep_sandbox=True)
    assert ended == []

    down("local", json=True)
    assert len(ended) == 1
    assert json.loads(capsys.readouterr().out) == {"changes": {}, "left": [], "retained": []}

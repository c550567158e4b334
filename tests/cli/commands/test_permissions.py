import json

import pytest

from cli import operation
from cli.commands.permissions import known, permissions
from cli.errors import UsageError
from tests.ops.conftest import unreachable
from tests.ops.outputs import OUTPUTS


@pytest.fixture(autouse=True)
def deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"table-{number}": f"example.com.table-{number}" for number in range(50)}
    monkeypatch.setattr(operation, "open_deployment", lambda *_: unreachable({**OUTPUTS, "tables": many}))


def test_a_document_is_printed_for_the_commands_that_are_asked_for(capsys: pytest.CaptureFixture[str]):
    permissions(commands=["status"])

    printed = capsys.readouterr()
    assert [each["Sid"] for each in json.loads(printed.out)["Statement"]] == ["ReadAll", "ReadOperations"]
    assert printed.err == ""


def test_of_one_that_is_longer_than_iam_takes_it_is_said_and_its_parts_can_be_had(capsys: pytest.CaptureFixture[str]):
    permissions()
    printed = capsys.readouterr()
    assert "a managed policy has at most 6,144" in printed.err
    whole = json.loads(printed.out)

    permissions(split=True)
    printed = capsys.readouterr()
    parts = json.loads(printed.out)
    assert printed.err == ""
    assert len(parts) == 2
    assert parts[0]["Statement"][0] == whole["Statement"][0]


@pytest.mark.parametrize("command", ["up", "shift", "Status"])
def test_a_command_that_no_document_is_for_is_refused_with_those_that_there_are(command: str):
    with pytest.raises(UsageError, match=rf"--for {command}: .* status, verify, logs, .*whoever deploys"):
        known(["status", command])

import pytest

from cli.commands.permissions import known, letters
from cli.errors import UsageError


@pytest.mark.parametrize("command", ["up", "shift", "Status"])
def test_a_command_that_no_document_is_for_is_refused_with_those_that_there_are(command: str):
    with pytest.raises(UsageError, match=rf"--for {command}: .* status, verify, logs, .*whoever deploys"):
        known(["status", command])


def test_a_document_is_as_long_as_iam_counts_it():
    assert letters({"Version": "2012-10-17", "Statement": []}) == len('{"Version":"2012-10-17","Statement":[]}')

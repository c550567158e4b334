from typing import Any

import pytest

from sandbox.appsync.permission import _allows

API = "arn:aws:appsync:eu-west-1:000000000000:apis/a1"
STATEMENT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "appsync.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Condition": {"ArnLike": {"AWS:SourceArn": API}},
}


def test_a_statement_for_this_api_or_for_all_allows() -> None:
    assert _allows(STATEMENT, API)
    assert _allows({**STATEMENT, "Condition": {}}, API)
    assert _allows({**STATEMENT, "Condition": {"ArnLike": {"aws:SourceArn": API.replace("a1", "*")}}}, API)
    assert _allows({**STATEMENT, "Principal": "*", "Action": ["lambda:*"]}, API)


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Deny"},
        {"Principal": {"Service": "apigateway.amazonaws.com"}},
        {"Action": "lambda:GetFunction"},
        {"Condition": {"ArnLike": {"AWS:SourceArn": API + "2"}}},
    ],
)
def test_a_statement_for_anything_else_does_not(change: dict[str, Any]) -> None:
    assert not _allows({**STATEMENT, **change}, API)

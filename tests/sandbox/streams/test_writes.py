import pytest

from sandbox.streams.writes import WRITES, written_tables


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        ("PutItem", {"TableName": "a"}, {"a"}),
        ("UpdateItem", {"TableName": "arn:aws:dynamodb:eu-west-1:000000000000:table/a.b"}, {"a.b"}),
        ("DeleteItem", {"TableName": "a"}, {"a"}),
        ("BatchWriteItem", {"RequestItems": {"a": [], "b": []}}, {"a", "b"}),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "a"}}, {"ConditionCheck": {"TableName": "b"}}]},
            {"a", "b"},
        ),
        ("ExecuteStatement", {"Statement": 'SELECT * FROM "a"'}, set()),
        ("ExecuteStatement", {"Statement": "INSERT INTO \"a.b-c\" VALUE {'id': 'x'}"}, {"a.b-c"}),
        ("ExecuteStatement", {"Statement": "\n update events SET v = 1 WHERE id = 'x'"}, {"events"}),
        (
            "BatchExecuteStatement",
            {"Statements": [{"Statement": "DELETE  FROM a WHERE id='1'"}, {"Statement": 'INSERT INTO "b" VALUE {}'}]},
            {"a", "b"},
        ),
        ("ExecuteTransaction", {"TransactStatements": [{"Statement": "UPDATE \"a\" SET v=1 WHERE id='1'"}]}, {"a"}),
        ("PutItem", {}, set()),
        ("GetItem", {"TableName": "a"}, set()),
    ],
)
def test_the_tables_that_a_call_may_write_are_known(operation: str, parameters: dict[str, object], expected: set[str]):
    assert written_tables(operation, parameters) == expected


def test_a_call_that_may_write_items_is_told_by_its_operation():
    assert "GetItem" not in WRITES
    assert "UpdateTable" not in WRITES
    assert "TransactWriteItems" in WRITES

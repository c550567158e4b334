"""Which tables a DynamoDB call may write items of."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sandbox.extensions.call import Scope

# A call of one of these may write items, and none of the others does.
WRITES = frozenset(
    {
        "BatchExecuteStatement",
        "BatchWriteItem",
        "DeleteItem",
        "ExecuteStatement",
        "ExecuteTransaction",
        "PutItem",
        "TransactWriteItems",
        "UpdateItem",
    }
)
PARTIQL = frozenset({"BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction"})
TRANSACTIONS = frozenset({"ExecuteTransaction", "TransactWriteItems"})

# PartiQL for DynamoDB: INSERT INTO "t" VALUE ..., UPDATE "t" SET ..., DELETE FROM "t" WHERE ...
_STATEMENT = re.compile(
    r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>[\w.-]+))", re.IGNORECASE
)


class Place(NamedTuple):
    """A table: whose, in which region, and its name."""

    account: str
    region: str
    table: str

    @property
    def scope(self) -> Scope:
        return Scope(self.account, self.region, "dynamodb")

    def of(self, region: str) -> "Place":
        """The table of the same name in another region."""
        return self._replace(region=region)


def table_name(name_or_arn: str) -> str:
    """The name of a table that a call gives by its name or by its ARN."""
    return name_or_arn.rpartition(":table/")[2]


def given_tables(operation: str, parameters: dict[str, Any]) -> set[str]:
    """The tables whose items a call may write, as it gives them: by their names or by their ARNs.

    What is missing in a call is for DynamoDB to refuse.
    """
    return set(_given(operation, parameters)) - {""}


def written_tables(operation: str, parameters: dict[str, Any]) -> set[str]:
    """The names of the tables whose items a call may write."""
    return {table_name(given) for given in given_tables(operation, parameters)}


def _given(operation: str, parameters: dict[str, Any]) -> Iterator[str]:
    match operation:
        case "PutItem" | "UpdateItem" | "DeleteItem":
            yield parameters.get("TableName", "")
        case "BatchWriteItem":
            yield from parameters.get("RequestItems", {})
        case "TransactWriteItems":
            for item in parameters.get("TransactItems", []):
                yield from (action.get("TableName", "") for action in item.values())
        case "ExecuteStatement":
            yield from _of_statement(parameters)
        case "BatchExecuteStatement":
            for statement in parameters.get("Statements", []):
                yield from _of_statement(statement)
        case "ExecuteTransaction":
            for statement in parameters.get("TransactStatements", []):
                yield from _of_statement(statement)


def _of_statement(parameters: dict[str, Any]) -> Iterator[str]:
    if match := _STATEMENT.match(parameters.get("Statement", "")):
        yield match["quoted"] or match["plain"]

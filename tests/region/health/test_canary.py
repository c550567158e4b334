from typing import Any

import pytest

from region.health.canary import Canary, LostWriteError

NOW = 1_800_000_000.0


class Table:
    """One item of a table, as DynamoDB keeps it; `loses` acknowledges writes and drops them."""

    def __init__(self, *, loses: bool = False) -> None:
        self.item: dict[str, Any] = {}
        self.loses = loses

    def put_item(self, **call: Any) -> dict[str, Any]:
        if not self.loses:
            self.item = call["Item"]
        return {}

    def get_item(self, **call: Any) -> dict[str, Any]:
        assert call["ConsistentRead"] is True
        return {"Item": self.item} if self.item else {}


class Shared(Table):
    """In which another instance of the function always writes last."""

    def put_item(self, **call: Any) -> dict[str, Any]:
        self.item = {**call["Item"], "at": {"N": repr(NOW - 0.2)}, "by": {"S": "another"}}
        return {}


def sing(table: Table, now: float = NOW) -> float:
    return Canary(table, "example.com.antipodes-canary", "ireland", lambda: now).sing()


def test_the_item_is_the_regions_own_and_goes_a_day_after_the_region() -> None:
    table = Table()

    assert sing(table) >= 0
    assert table.item["id"] == {"S": "health/ireland"}
    assert table.item["expires"] == {"N": "1800086400"}


def test_a_write_that_is_acknowledged_and_not_there_is_a_failure() -> None:
    with pytest.raises(LostWriteError):
        sing(Table(loses=True))


def test_so_it_is_where_an_old_write_is_there_in_its_place() -> None:
    table = Table()
    sing(table)
    table.loses = True

    with pytest.raises(LostWriteError):
        sing(table, NOW + 61)


def test_another_instances_write_in_the_same_moment_is_none() -> None:
    assert sing(Shared()) >= 0

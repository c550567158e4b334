from pathlib import Path

import pytest

from components import api_tables


def read(tmp_path: Path, text: str) -> api_tables.Tables:
    path = tmp_path / "tables.yaml"
    path.write_text(text, encoding="utf-8")
    return api_tables.read(path)


def test_an_api_needs_no_tables(tmp_path: Path) -> None:
    assert api_tables.read(tmp_path / "tables.yaml") == api_tables.Tables()
    assert read(tmp_path, "") == api_tables.Tables()


def test_keys_keep_their_order_and_types(tmp_path: Path) -> None:
    (table,) = read(tmp_path, "marks:\n  key: {pupil: string, day: number}\n").tables

    assert (table.key.partition, table.key.sort) == ("pupil", "day")
    assert table.attributes == {"pupil": "S", "day": "N"}
    assert table.variable == "TABLE_MARKS"


def test_a_key_may_be_one_attribute(tmp_path: Path) -> None:
    (table,) = read(tmp_path, "marks:\n  key: {id: binary}\n").tables

    assert (table.key.partition, table.key.sort, table.attributes) == ("id", None, {"id": "B"})


def test_an_attribute_that_several_keys_use_is_defined_once(tmp_path: Path) -> None:
    text = "marks:\n  key: {pupil: string, day: number}\n  indexes:\n    by_day: {day: number, pupil: string}\n"
    (table,) = read(tmp_path, text).tables

    assert table.attributes == {"pupil": "S", "day": "N"}
    assert table.indexes["by_day"].partition == "day"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- marks\n", "maps table names to their keys"),
        ("Marks:\n  key: {id: string}\n", "'Marks' cannot be a table's name"),
        ("marks: {}\n", "declares no key"),
        ("marks:\n  key: id\n", "the key of table marks is 'id'"),
        ("marks:\n  key: {id: text}\n", "string, number or binary"),
        ("marks:\n  key: {a: string, b: string, c: string}\n", "one or two attributes"),
        ("marks:\n  key: {id: string}\n  ttl: x\n", "unknown option 'ttl'"),
        ("marks:\n  key: {id: string}\n  indexes: [a]\n", "indexes are a mapping"),
        ("marks:\n  key: {id: string}\n  indexes:\n    by_id: {}\n", "the key of index by_id"),
        ("marks:\n  key: {id: string}\n  indexes:\n    'a b': {id: string}\n", "cannot be an index's name"),
        ("marks:\n  key: {id: string}\n  indexes:\n    by_id: {id: number}\n", "id is a string in one key"),
        ("marks: {\n", "tables.yaml"),
    ],
)
def test_what_dynamodb_would_refuse_is_refused(tmp_path: Path, text: str, said: str) -> None:
    tables = read(tmp_path, text)

    assert not tables.tables
    assert any(said in problem for problem in tables.problems)

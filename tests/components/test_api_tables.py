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


def test_a_table_says_which_changes_are_published_and_by_which_mutations(tmp_path: Path) -> None:
    text = "marks:\n  key: {id: string}\n  publish: {insert: publishMark, remove: publishGone}\n"
    (table,) = read(tmp_path, text).tables

    assert table.publish == {"INSERT": "publishMark", "REMOVE": "publishGone"}
    (silent,) = read(tmp_path, "marks:\n  key: {id: string}\n").tables
    assert silent.publish == {}


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
        ("marks:\n  key: {id: [string]}\n", "the key of table marks is {'id': ['string']}"),
        ("marks:\n  key: {id: {a: b}}\n  indexes:\n    by_id: {id: [c]}\n", "the key of index by_id"),
        ("marks:\n  key: {id: string}\n  publish: publishMark\n", "publish maps insert, modify, remove to mutations"),
        ("marks:\n  key: {id: string}\n  publish: {update: x}\n", "'update', which is no change. Changes: insert"),
        ("marks:\n  key: {id: string}\n  publish: {insert: a b}\n", "'a b', which cannot be a mutation's name"),
        ("marks:\n  key: {id: string}\n  publish: {insert: [a]}\n", "['a'], which cannot be a mutation's name"),
        ("marks: {\n", "tables.yaml"),
        ("marks: 2026-02-30\n", "tables.yaml"),
        ("marks:\n  key: {id: string}\nmarks:\n  key: {no: number}\n", "the key 'marks' is there twice"),
        ("marks:\n  key: {id: string, id: number}\n", "the key 'id' is there twice"),
    ],
)
def test_what_dynamodb_would_refuse_is_refused(tmp_path: Path, text: str, said: str) -> None:
    tables = read(tmp_path, text)

    assert not tables.tables
    assert any(said in problem for problem in tables.problems)


def test_a_key_that_is_there_twice_is_shown_with_its_line(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "marks:\n  key: {id: string}\nmarks:\n  key: {id: string}\n").problems

    assert "line 3" in problem


def test_a_table_takes_as_many_indexes_as_dynamodb_does(tmp_path: Path) -> None:
    def declared(indexes: int) -> str:
        return "marks:\n  key: {id: string}\n  indexes:\n" + "".join(
            f"    by_{n}: {{a{n}: string}}\n" for n in range(indexes)
        )

    (table,) = read(tmp_path, declared(20)).tables
    (problem,) = read(tmp_path, declared(21)).problems

    assert len(table.indexes) == 20
    assert "table marks has 21 indexes; DynamoDB takes at most 20 a table" in problem

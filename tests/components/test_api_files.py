from pathlib import Path

import pytest

from components.api_error import ApiError
from components.api_files import read_text, read_yaml


def test_a_file_that_is_not_utf_8_is_named_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "schema.graphql"
    path.write_bytes("# Bücher".encode("latin-1"))

    with pytest.raises(ApiError, match=r"schema\.graphql is not UTF-8 from its byte 4 on"):
        read_text(path)


def test_a_folder_in_a_files_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(ApiError, match="is a folder") as caught:
        read_text(tmp_path)

    assert str(tmp_path) in str(caught.value)


def test_one_key_in_two_mappings_is_no_repetition(tmp_path: Path) -> None:
    path = tmp_path / "some.yaml"
    path.write_text("a: &a {id: 1}\nb: {<<: *a, id: 2}\n", encoding="utf-8")

    assert read_yaml(path) == {"a": {"id": 1}, "b": {"id": 2}}

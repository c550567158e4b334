from pathlib import Path

import pytest

from cli import stack_file
from cli.errors import CommandError

GOOD = "config:\n  antipodes:domain: example.localhost\n  antipodes:regions:\n    no: eu-west-1 # kept as written\n"


def copied(tmp_path: Path, text: str | bytes, *, before: str | None = None) -> str:
    source, folder = tmp_path / "Pulumi.local.yaml", tmp_path / "work"
    folder.mkdir()
    source.write_bytes(text.encode() if isinstance(text, str) else text)
    if before is not None:
        (folder / source.name).write_text(before)
    stack_file.copy(source, folder)
    return (folder / source.name).read_text()


def test_the_file_is_copied_as_it_stands(tmp_path: Path):
    assert copied(tmp_path, GOOD) == GOOD


def test_the_salt_that_the_engine_wrote_stays_in_the_copy(tmp_path: Path):
    assert copied(tmp_path, GOOD, before="config: {}\nencryptionsalt: v1:abc=\n") == GOOD + "encryptionsalt: v1:abc=\n"


def test_a_salt_of_the_users_own_is_not_doubled(tmp_path: Path):
    own = GOOD + "encryptionsalt: v1:own=\n"
    assert copied(tmp_path, own, before="encryptionsalt: v1:abc=\n") == own


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "below `config:`"),
        ("- a\n", "below `config:`"),
        ("config:\n  - a\n", "below `config:`"),
        ("config: {\n", "is not YAML"),
        (b"\xff\xfe", "UTF-8"),
        ("config:\n  antipodes:domain: example.com\n", "must end in .localhost"),
    ],
    ids=["empty", "a list", "config is a list", "not YAML", "not UTF-8", "a real domain"],
)
def test_what_the_engine_could_not_use_is_refused_in_one_line(tmp_path: Path, text: str | bytes, said: str):
    with pytest.raises(CommandError, match=said) as refused:
        copied(tmp_path, text)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(CommandError, match=r"Pulumi\.local\.yaml is missing"):
        stack_file.copy(tmp_path / "Pulumi.local.yaml", tmp_path)

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


def test_no_salt_but_the_engines_gets_into_the_copy(tmp_path: Path):
    before = "config: {}\nencryptionsalt: v1:abc=\n"
    with pytest.raises(CommandError, match="remove the lines encryptionsalt"):
        copied(tmp_path, GOOD + "encryptionsalt: v1:own=\n", before=before)

    assert (tmp_path / "work" / "Pulumi.local.yaml").read_text() == before


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("  antipodes:originHeaders: {ireland: {x-key: {secure: v1:LEAK}}}\n", "line 5: secure"),
        ('  a: b\n  k:\n    "secure": v1:LEAK\n', "line 7: secure"),
        ("secretsprovider: awskms://LEAK\nencryptedkey: LEAK\n", "encryptedkey, secretsprovider"),
    ],
)
def test_what_was_encrypted_for_another_stack_is_refused_with_its_place(tmp_path: Path, lines: str, said: str):
    with pytest.raises(CommandError, match="Write values as plain text") as refused:
        copied(tmp_path, GOOD + lines)
    assert said in str(refused.value)
    assert "LEAK" not in str(refused.value)


def test_secure_in_a_comment_or_a_value_is_no_secret(tmp_path: Path):
    text = GOOD + "  a: 1 # secure: x\n  insecure: yes\n  b: not-secure:x\n"
    assert copied(tmp_path, text) == text


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('  x-api-key: "LEAK\n', "line 6, column 1: found unexpected end of stream"),
        ("  x-api-key: LEAK: me\n", "line 5, column 18: mapping values are not allowed here"),
        ("  x-api-key: *LEAK\n", "line 5, column 14: found undefined alias '…'"),
        ("  x-api-key: LEAK\x00\n", "special characters are not allowed"),
    ],
)
def test_broken_yaml_is_told_by_its_place_and_not_by_what_it_holds(tmp_path: Path, line: str, fault: str):
    with pytest.raises(CommandError, match="is not YAML") as refused:
        copied(tmp_path, GOOD + line)
    assert fault in str(refused.value)
    assert "LEAK" not in str(refused.value)


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


def test_the_rules_of_this_machine_hold_for_local_alone(tmp_path: Path) -> None:
    source = tmp_path / "Pulumi.prod.yaml"
    source.write_text("config:\n  antipodes:domain: example.com\n  k: {secure: x}\n")
    (tmp_path / "copy").mkdir()

    stack_file.copy(source, tmp_path / "copy", local=False)

    assert (tmp_path / "copy" / source.name).read_text() == source.read_text()


def test_the_domain_is_known_where_nothing_is_deployed(tmp_path: Path):
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text("config:\n  antipodes:domain: example.com\n")
    assert stack_file.domain(file) == "example.com"


@pytest.mark.parametrize("text", ["", "config:\n", "config:\n  antipodes:domain: {secure: v1:abc}\n", "config: [1"])
def test_a_file_without_a_domain_is_told_with_the_line_to_write(tmp_path: Path, text: str):
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(text)
    with pytest.raises(CommandError, match=r"Pulumi\.prod\.yaml (does not say .* Write: antipodes:domain|is not YAML)"):
        stack_file.domain(file)

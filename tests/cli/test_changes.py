from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.automation.events import OpType, StepEventMetadata, StepEventStateMetadata

from cli.changes import Change, at, changes_of, summary

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"


def state(inputs: dict[str, Any] | None) -> StepEventStateMetadata:
    return StepEventStateMetadata(type="", urn="", id="", parent="", provider="", inputs=inputs)


def changed(path: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    metadata = StepEventMetadata(op=OpType.UPDATE, urn="", type="", provider="", diffs=[path])
    metadata.old, metadata.new = state(old) if old is not None else None, state(new) if new is not None else None
    return str(*changes_of(metadata))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", {"b": [5, {"c.d": 7}]}),
        ("a.b[0]", 5),
        ('a.b[1]["c.d"]', 7),
        ("a.x", None),
        ("a.b[9]", None),
        ("a.b.c", None),
    ],
)
def test_a_property_path_leads_to_its_value_or_to_none(path: str, value: object):
    assert at({"a": {"b": [5, {"c.d": 7}]}}, path) == value


@given(st.text(max_size=30), st.recursive(st.none() | st.integers(), lambda inner: st.lists(inner, max_size=3)))
def test_no_path_and_no_value_is_an_error(path: str, value: object):
    at(value, path)


def test_a_change_shows_both_values_or_the_one_that_there_is():
    assert changed("ttl", {"ttl": 60}, {"ttl": 300}) == "ttl: 60 -> 300"
    assert changed("ttl", {}, {"ttl": 300}) == "ttl: + 300"
    assert changed("ttl", {"ttl": 60}, {}) == "ttl: - 60"


def test_code_is_shown_by_its_hash_a_secret_not_at_all_and_the_unknown_as_such():
    code, other = ({SIGNATURE: "archive", "hash": letter * 64} for letter in "ab")
    assert changed("code", {"code": code}, {"code": other}) == "code: content aaaaaaa -> content bbbbbbb"
    secret = {SIGNATURE: "secret", "ciphertext": "v1:abc"}
    assert changed("key", {"key": "x"}, {"key": secret}) == "key: x -> (secret)"
    assert changed("keys[0].value", {"keys": [{}]}, {"keys": {SIGNATURE: SECRET}}) == "keys[0].value: + (secret)"
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert changed("arn", {"arn": "x:1"}, {"arn": unknown}) == "arn: x:1 -> (known after deployment)"


def test_a_long_value_is_cut():
    assert Change("p", None, "x").new == "x"
    shown = changed("p", {"p": "a"}, {"p": "b" * 500})
    assert len(shown) < 100
    assert shown.endswith("…")


def test_long_values_are_cut_to_where_they_differ():
    shown = changed("p", {"p": f"{'a' * 500}, old, {'b' * 500}"}, {"p": f"{'a' * 500}, new, {'b' * 500}"})
    assert len(shown) < 140
    assert "a, old, b" in shown
    assert "a, new, b" in shown


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("a\n  b\nc", "a\n  x\nc", "code: line 2: b -> line 2: x"),
        ("a\nb", "a\nb\nc", "code: (at its end) -> line 3: c"),
        ("a\n", "a", "code: line 2:  -> (at its end)"),
        (None, "a\nb", "code: + line 1: a"),
        ("a", "a\nb", "code: (at its end) -> line 2: b"),
    ],
)
def test_a_text_of_many_lines_is_shown_by_the_first_that_differs(old: str | None, new: str | None, shown: str):
    assert changed("code", {"code": old}, {"code": new}) == shown


def test_a_list_of_which_many_items_change_is_one_line():
    pairs = [{"key": f"{n}", "value": "a b"} for n in range(344)]
    many = [Change(f"pairs[{n}].value", "a", "b") for n in range(120)]
    few = [Change(f"origins[{n}].{name}", "a", "b") for n in range(5) for name in ("domainName", "originId")]

    lines = list(summary([*few, *many, Change("ttl", "60", "300")], {"pairs": pairs}, {"pairs": pairs[:300]}))

    assert lines == [*map(str, few), "pairs: 120 of 344 values change", "ttl: 60 -> 300"]


def test_a_list_that_is_secret_is_counted_by_what_changes():
    secret = {"pairs": {SIGNATURE: SECRET}}

    assert list(summary([Change(f"pairs[{n}]", "a", "b") for n in range(6)], secret, secret)) == [
        "pairs: 6 of 6 values change"
    ]

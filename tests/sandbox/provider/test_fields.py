from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.provider.fields import (
    UNKNOWN,
    Boxed,
    Change,
    Counted,
    DnsName,
    Field,
    JsonText,
    Keyed,
    Many,
    Mapping,
    Single,
    Tags,
    UnhandledInputError,
    Wrapped,
    outputs,
    shape,
)

INNER = shape(Field("size", "Size"), Field("mode", "Mode", default="on"))
PLACE = shape(Field("at", "At"), Field("size", "Size", default=1), *outputs("arn"))
TABLE = shape(
    Field("name", "Name", replaces=True),
    Field("size", "Limits.Size", default=3),
    Field("inner", "Inner", INNER),
    Field("list", "List", Many(INNER)),
    Field("set", "Set", Counted(INNER, ordered=False)),
    Field("places", "Places", Keyed(PLACE, key="at")),
    Field("methods", "Methods", Counted(ordered=False)),
    Field("cached", "Methods.Cached", Counted(ordered=False)),
    Field("values", "Values", Many(Boxed("Value"))),
    Field("policies", "Region", Wrapped("region")),
    Field("target", "Target", Single(INNER)),
    Field("labels", "Labels", Mapping(), default={}),
    Field("tags", "Tags", Tags(), default={}),
    Field("chosen", "Chosen", computed=True),
    Field("local", default=False),
    *outputs("arn"),
)

A, B, C = ({"at": name} for name in "abc")

texts = st.text(min_size=1, max_size=5)
inners = st.fixed_dictionaries({"size": st.integers(0, 9)}, optional={"mode": texts})
places = st.fixed_dictionaries({"at": texts}, optional={"size": st.integers(0, 9)})
names = st.lists(texts, min_size=1, max_size=3, unique=True)
inputs = st.fixed_dictionaries(
    {"name": texts},
    optional={
        "size": st.integers(0, 9),
        "inner": inners,
        "list": st.lists(inners, min_size=1, max_size=3),
        "set": st.lists(inners, min_size=1, max_size=3, unique_by=str),
        "places": st.lists(places, min_size=1, max_size=3, unique_by=lambda place: place["at"]),
        "methods": names,
        "cached": names,
        "values": names,
        "policies": texts.map(lambda text: [{"region": text}]),
        "target": inners.map(lambda inner: [inner]),
        "labels": st.dictionaries(texts, texts, min_size=1),
        "tags": st.dictionaries(texts, texts, min_size=1),
        "chosen": texts,
    },
)


def changes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Change]:
    return dict(TABLE.inner_changes(old, new, ""))


@given(inputs)
def test_what_aws_was_told_reads_back_as_what_the_program_said(said: dict[str, Any]):
    read = TABLE.decode(TABLE.encode(said))
    assert changes(said, read) == {}
    assert TABLE.merge(said, read, full=False) == said


@given(inputs, inputs)
def test_a_refresh_from_any_state_finds_what_aws_has(said: dict[str, Any], there: dict[str, Any]):
    seen = TABLE.merge(said, TABLE.decode(TABLE.encode(there)), full=False)
    expected = dict(there)
    if "chosen" not in said:
        expected.pop("chosen", None)  # AWS may choose it: not ours to call it drift
    assert changes(seen, expected) == {}


@given(inputs, inputs)
def test_no_changes_are_told_only_when_aws_would_be_told_the_same(old: dict[str, Any], new: dict[str, Any]):
    old, new = ({**side, "chosen": "x"} for side in (old, new))
    unordered = ("set", "places", "methods", "cached")
    is_same = TABLE.encode(old) == TABLE.encode(new)
    if is_same:
        assert not changes(old, new)
    elif not any(name in old or name in new for name in unordered):
        assert changes(old, new)


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({"fooBar": 1}, ["fooBar"]),
        ({"arn": "an output"}, ["arn"]),
        ({"inner": {"size": 1, "baz": 2}}, ["inner.baz"]),
        ({"list": [{"size": 1}, {"odd": 2}], "x": {}}, ["list[1].odd", "x"]),
        ({"set": [{"odd.name": 2}]}, ['set[0]["odd.name"]']),
        ({"policies": [{"region": "r", "more": 1}]}, ["policies[0].more"]),
        ({"inner": UNKNOWN, "labels": {"any": "thing"}, "__remark": 1}, []),
    ],
)
def test_an_input_without_a_row_is_named_by_its_full_path(value: dict[str, Any], paths: list[str]):
    assert list(TABLE.unhandled(value)) == paths
    if paths:
        with pytest.raises(UnhandledInputError) as error:
            TABLE.encode(value)
        assert error.value.paths == paths


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"name": "a"}, {"name": "b"}, {"name": Change("update", replaces=True)}),
        ({}, {"size": 3}, {}),
        ({"size": 3}, {}, {}),
        ({}, {"size": 4}, {"size": Change("add")}),
        ({"size": 4}, {}, {"size": Change("delete")}),
        ({"inner": {"size": 1}}, {"inner": {"size": 2}}, {"inner.size": Change("update")}),
        ({"tags": {"a.b": "1"}}, {"tags": {"a.b": "2"}}, {'tags["a.b"]': Change("update")}),
        ({"tags": {"a": "1"}}, {"tags": {"b": "1"}}, {"tags.a": Change("delete"), "tags.b": Change("add")}),
        ({"methods": ["a", "b"]}, {"methods": ["b", "a"]}, {}),
        (
            {"methods": ["a", "b"]},
            {"methods": ["b", "c"]},
            {"methods[0]": Change("delete"), "methods[1]": Change("add")},
        ),
        ({"values": ["a", "b"]}, {"values": ["b"]}, {"values[0]": Change("update"), "values[1]": Change("delete")}),
        ({"chosen": "a"}, {}, {}),
        ({"chosen": "a"}, {"chosen": UNKNOWN}, {"chosen": Change("update")}),
        ({"name": "a"}, {"name": UNKNOWN}, {"name": Change("update", replaces=True)}),
        ({"set": []}, {}, {}),
        ({"places": [A, B]}, {"places": [B, A]}, {}),
        ({"places": [A, B]}, {"places": [B, {**A, "size": 2}]}, {"places[1].size": Change("add")}),
        ({"places": [A]}, {"places": [A, B]}, {"places[1]": Change("add")}),
        ({"places": [A, B]}, {"places": [B]}, {"places[0]": Change("delete")}),
        ({"places": [A]}, {"places": [B]}, {"places[0].at": Change("update")}),
        ({"places": [A, B]}, {"places": [C, A]}, {"places[0]": Change("add"), "places[1]": Change("delete")}),
        ({"places": [A]}, {"places": UNKNOWN}, {"places": Change("update")}),
    ],
)
def test_changes_are_told_by_path(old: dict[str, Any], new: dict[str, Any], expected: dict[str, Change]):
    assert changes(old, new) == expected


def test_defaults_and_choices_of_aws_are_outputs_and_not_inputs():
    actual = {"name": "a", "size": 3, "chosen": "x", "arn": "arn:a", "inner": {"size": 1, "mode": "on"}}
    said = {"name": "a", "inner": {"size": 1}}
    assert TABLE.merge(said, actual, full=False) == said
    outputs_ = TABLE.merge(said, actual, full=True)
    assert outputs_ == actual | {"labels": {}, "tags": {}, "local": False}


def test_what_aws_no_longer_has_is_no_longer_an_input():
    assert TABLE.merge({"name": "a", "inner": {"size": 1}}, {"name": "a"}, full=False) == {"name": "a"}


def test_what_only_the_provider_knows_is_kept():
    assert TABLE.merge({"local": True}, {"name": "a"}, full=False) == {"local": True, "name": "a"}


def test_members_with_a_key_are_paired_by_it_however_much_else_differs():
    said = {"name": "n", "places": [{"at": "b"}, {"at": "a", "size": 2}, {"at": "gone"}]}
    actual = {
        "name": "n",
        "places": [{"at": "a", "size": 5, "arn": "a"}, {"at": "b", "size": 1, "arn": "b"}, {"at": "c", "arn": "c"}],
    }
    assert TABLE.merge(said, actual, full=False)["places"] == [{"at": "b"}, {"at": "a", "size": 5}, {"at": "c"}]
    assert TABLE.merge({}, actual, full=False)["places"] == [{"at": "a", "size": 5}, {"at": "b"}, {"at": "c"}]
    assert TABLE.merge(said, actual, full=True)["places"] == [
        {"at": "b", "size": 1, "arn": "b"},
        {"at": "a", "size": 5, "arn": "a"},
        {"at": "c", "size": 1, "arn": "c"},
    ]


def test_what_aws_will_say_is_foreseen_as_unknown_unless_it_has_said_so_already():
    present = {"arn": "arn:1", "chosen": "x", "places": [{"at": "a", "arn": "arn:a"}]}
    said = {"name": "n", "places": [{"at": "b"}, {"at": "a", "size": 2}]}
    assert TABLE.foresee(said, None) == {
        **said,
        "size": 3,
        "labels": {},
        "tags": {},
        "local": False,
        "chosen": UNKNOWN,
        "arn": UNKNOWN,
        "places": [{"at": "b", "size": 1, "arn": UNKNOWN}, {"at": "a", "size": 2, "arn": UNKNOWN}],
    }
    foreseen = TABLE.foresee(said, present)
    assert (foreseen["arn"], foreseen["chosen"]) == ("arn:1", "x")
    assert foreseen["places"] == [{"at": "b", "size": 1, "arn": UNKNOWN}, {"at": "a", "size": 2, "arn": "arn:a"}]
    assert TABLE.foresee({"places": UNKNOWN}, present)["places"] == UNKNOWN


def test_json_is_compared_by_its_meaning():
    kind = JsonText()
    assert kind.same('{"a": [1, 2]}', '{ "a":[1,2] }')
    assert not kind.same('{"a": [1, 2]}', '{"a": [2, 1]}')
    assert not kind.same('{"a": 1}', UNKNOWN)
    assert kind.same("", None)
    assert kind.decode({"a": 1}) == '{"a": 1}'


def test_dns_names_are_the_same_with_and_without_the_dot():
    assert DnsName().same("A.example.com.", "a.example.com")
    assert DnsName().decode(r"\052.example.com.") == "*.example.com"

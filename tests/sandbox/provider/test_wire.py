from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.provider.fields import UNKNOWN
from sandbox.provider.wire import to_dict, to_struct

texts = st.text(max_size=5)
values: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(texts, values, max_size=3))
def test_properties_come_back_as_they_were_sent(properties: dict[str, Any]):
    assert to_dict(to_struct(properties)) == properties


def test_whole_numbers_are_whole_and_nulls_are_left_out():
    read = to_dict(to_struct({"a": 3.0, "b": 0.5, "c": None}))
    assert read == {"a": 3, "b": 0.5}
    assert isinstance(read["a"], int)


def test_every_type_of_unknown_value_is_the_same_unknown():
    assert to_dict(to_struct({"list": "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"})) == {"list": UNKNOWN}


def test_a_secret_is_its_value():
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hush"}
    assert to_dict(to_struct({"a": secret})) == {"a": "hush"}

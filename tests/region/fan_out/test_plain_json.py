import json
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from region.fan_out.plain_json import plain

VALUES = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(-(10**37), 10**37),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), VALUES, max_size=3))
def test_what_was_written_is_what_is_read(item: dict[str, Any]) -> None:
    typed = {name: TypeSerializer().serialize(value) for name, value in item.items()}

    assert json.loads(json.dumps(plain(typed))) == item


@given(st.decimals(-(10**20), 10**20, places=10))
def test_a_fraction_is_the_nearest_double(number: Decimal) -> None:
    assert plain({"n": {"N": str(number)}}) == {"n": float(number)}


def test_the_largest_and_the_smallest_numbers_of_dynamodb_are_numbers() -> None:
    assert plain({"n": {"N": "9.9999999999999999999999999999999999999E+125"}}) == {"n": 1e126}
    assert plain({"n": {"N": "1E-130"}}) == {"n": 1e-130}


def test_sets_are_lists_and_binary_stays_base64() -> None:
    item: dict[str, Any] = {
        "words": {"SS": ["a", "b"]},
        "numbers": {"NS": ["1", "2.5"]},
        "bytes": {"B": "AAE="},
        "more": {"BS": ["AA=="]},
    }

    assert plain(item) == {"words": ["a", "b"], "numbers": [1, 2.5], "bytes": "AAE=", "more": ["AA=="]}


def test_what_dynamodb_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="'X'"):
        plain({"a": {"X": "1"}})

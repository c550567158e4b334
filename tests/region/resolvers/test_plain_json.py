import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from boto3.dynamodb.types import Binary
from hypothesis import given
from hypothesis import strategies as st

from region.fan_out.plain_json import plain as told
from region.resolvers.plain_json import plain

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


class Place(NamedTuple):
    name: str
    halls: tuple[str, ...]


@given(JSON)
def test_json_stays_as_it_is(value: Any) -> None:
    assert json.dumps(plain(value, "Query.x")) == json.dumps(value)


@pytest.mark.parametrize(
    ("read", "in_the_stream"),
    [
        ({"b", "a"}, {"SS": ["a", "b"]}),
        ({Decimal("2.5"), Decimal(1)}, {"NS": ["1", "2.5"]}),
        (Binary(b"\x00\x01"), {"B": "AAE="}),
        ({Binary(b"\x01"), Binary(b"\x00")}, {"BS": ["AA==", "AQ=="]}),
        ([{"photo": Binary(b"\xff")}], {"L": [{"M": {"photo": {"B": "/w=="}}}]}),
        (Decimal(9007199254740992), {"N": "9007199254740992"}),
    ],
)
def test_what_boto3_reads_is_what_subscribers_are_told(read: Any, in_the_stream: dict[str, Any]) -> None:
    assert plain(read, "Query.x") == told({"x": in_the_stream})["x"]


def test_no_digit_of_a_number_is_lost() -> None:
    assert str(plain(Decimal("0.1234567890123456789"), "Query.x")) == "0.1234567890123456789"


@pytest.mark.parametrize(
    "number", [2**53 + 1, -(2**53) - 1, Decimal(2**53 + 1), 12345678901234567890123456789012345678]
)
def test_a_whole_number_that_javascript_would_round_is_a_text(number: Any) -> None:
    assert plain({"id": number}, "Query.x") == {"id": str(number)}


def test_a_set_may_hold_numbers_of_both_kinds() -> None:
    assert plain({Decimal(2**53 + 1), Decimal(7), Decimal(-1)}, "Query.x") == [-1, 7, str(2**53 + 1)]


def test_a_decimal_too_large_for_javascript_is_written_without_an_exponent() -> None:
    assert plain(Decimal("1E+20"), "Query.x") == "100000000000000000000"


def test_what_lambda_writes_by_itself_it_still_does() -> None:
    assert plain(Place("Tivoli", ("a", "b")), "Query.x") == {"name": "Tivoli", "halls": ["a", "b"]}
    assert plain({1: bytearray(b"\x01")}, "Query.x") == {1: "AQ=="}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"items": [{}, {"at": datetime(2026, 1, 1, tzinfo=UTC)}]}, r"Query\.x\.items\[1\]\.at: a datetime"),
        ({"price": float("nan")}, r"Query\.x\.price: a float"),
        (Decimal("Infinity"), r"Query\.x: a Decimal"),
        ({(1, 2): "a"}, r"Query\.x: a dict"),
    ],
)
def test_what_json_does_not_have_is_named_by_type_and_place(value: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said + " that JSON does not have"):
        plain(value, "Query.x")

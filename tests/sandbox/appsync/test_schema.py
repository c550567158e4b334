import json
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType
from hypothesis import given
from hypothesis import strategies as st

from sandbox.appsync.schema import build

SCHEMA = build("type Query { a: AWSDate }")


def scalar(name: str) -> GraphQLScalarType:
    found = SCHEMA.type_map[name]
    assert isinstance(found, GraphQLScalarType)
    return found


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("AWSDate", ["1970-01-01", "1970-01-01Z", "1970-01-01-07:00"], ["1970-13-01", "1970-1-1", "", 7]),
        ("AWSTime", ["12:30", "12:30:24Z", "12:30:24.500+05:30"], ["24:30", "12", "noon"]),
        (
            "AWSDateTime",
            ["1970-01-01T12:30Z", "1970-01-01T12:30:00.123456789-05:30:12"],
            ["1970-01-01T12:30", "1970-01-01", "now"],
        ),
        ("AWSTimestamp", [0, -1, 1795235600], ["0", 1.5, True]),
        ("AWSEmail", ["user@example.com"], ["user", "user@example", "a b@example.com"]),
        ("AWSURL", ["https://example.com/a?b", "s3://bucket/key"], ["example.com", "/path", ""]),
        ("AWSPhone", ["+1 555 012 3456", "5550123456"], ["call me", "1"]),
        ("AWSIPAddress", ["192.0.2.1", "192.0.2.0/24", "2001:db8::1"], ["192.0.2.256", "example.com", 7]),
    ],
)
def test_appsyncs_scalars_take_what_the_guide_says(name: str, right: list[Any], wrong: list[Any]) -> None:
    for value in right:
        assert scalar(name).parse_value(value) == value
        assert scalar(name).serialize(value) == value
    for value in wrong:
        with pytest.raises(GraphQLError):
            scalar(name).parse_value(value)
        with pytest.raises(GraphQLError):
            scalar(name).serialize(value)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_json_goes_in_and_out_as_text(value: Any) -> None:
    assert scalar("AWSJSON").parse_value(json.dumps(value)) == value
    if not isinstance(value, str):
        assert json.loads(scalar("AWSJSON").serialize(value)) == value


@pytest.mark.parametrize("sdl", ["type Query { a: Unknown }", "type A { a: ID }", "type Query { a: ID @unknown }"])
def test_a_schema_that_appsync_refuses_is_refused(sdl: str) -> None:
    with pytest.raises((GraphQLError, TypeError)):
        build(sdl)

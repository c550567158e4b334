"""GraphQL schemas as AppSync reads them: with its own scalars and directives."""

import ipaddress
import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from graphql import (
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    build_ast_schema,
    parse,
    validate_schema,
    value_from_ast_untyped,
)

_DIRECTIVES = """
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_publish(subscriptions: [String]) on FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
"""
# AppSync's offsets allow seconds and are optional in dates and times ("Scalar types in AWS AppSync").
_OFFSET = r"(?P<offset>Z|[+-]\d{2}:\d{2}(:\d{2})?)"
_DATE = re.compile(rf"(?P<date>-?\d{{4}}-\d{{2}}-\d{{2}}){_OFFSET}?")
_TIME = re.compile(rf"(?P<time>\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,9}})?)?){_OFFSET}?")
_DATE_TIME = re.compile(
    rf"(?P<date>-?\d{{4}}-\d{{2}}-\d{{2}})T(?P<time>\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,9}})?)?){_OFFSET}"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{5,18}[0-9]")


def build(sdl: str) -> GraphQLSchema:
    """The schema of an API's SDL.

    Raises:
        graphql.GraphQLError: the SDL is not a valid schema.
    """
    names = "".join(f"scalar {name}\n" for name in _SCALARS)
    schema = build_ast_schema(parse(names + _DIRECTIVES + sdl))
    for error in validate_schema(schema):
        raise error
    for name, check in _SCALARS.items():
        _give_values(schema.type_map[name], name, check)
    return schema


def _give_values(scalar: Any, name: str, check: Callable[[Any], Any]) -> None:
    assert isinstance(scalar, GraphQLScalarType)  # noqa: S101 - declared above
    from_json = name == "AWSJSON"

    def parse_value(value: Any) -> Any:
        try:
            return check(value)
        except (TypeError, ValueError):
            raise GraphQLError(f"Can't parse {value!r} as {name}") from None

    def serialize(value: Any) -> Any:
        if from_json:
            return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        try:
            check(value)
        except (TypeError, ValueError):
            raise GraphQLError(f"Can't serialize value : {name} cannot be {value!r}") from None
        return value

    scalar.parse_value = parse_value  # type: ignore[method-assign]
    scalar.parse_literal = lambda node, variables=None: parse_value(value_from_ast_untyped(node, variables))  # type: ignore[method-assign]
    scalar.serialize = serialize  # type: ignore[method-assign]


def _matched(pattern: re.Pattern[str], value: Any) -> re.Match[str]:
    match = pattern.fullmatch(value)
    if match is None:
        raise ValueError(value)
    return match


def _date(value: Any) -> Any:
    date.fromisoformat(_matched(_DATE, value)["date"].lstrip("-"))
    return value


def _time(value: Any) -> Any:
    time.fromisoformat(_whole(_matched(_TIME, value)["time"]))
    return value


def _date_time(value: Any) -> Any:
    match = _matched(_DATE_TIME, value)
    datetime.fromisoformat(f"{match['date'].lstrip('-')}T{_whole(match['time'])}")
    return value


def _whole(clock: str) -> str:
    """Without the fraction, whose nanoseconds Python does not read."""
    return clock.partition(".")[0]


def _timestamp(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def _email(value: Any) -> Any:
    return _matched(_EMAIL, value).string


def _phone(value: Any) -> Any:
    return _matched(_PHONE, value).string


def _json(value: Any) -> Any:
    return json.loads(value)


def _url(value: Any) -> Any:
    parts = urlsplit(value)
    if not parts.scheme or not parts.netloc:
        raise ValueError(value)
    return value


def _ip_address(value: Any) -> Any:
    if not isinstance(value, str):
        raise TypeError(value)
    ipaddress.ip_interface(value)
    return value


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "AWSDate": _date,
    "AWSTime": _time,
    "AWSDateTime": _date_time,
    "AWSTimestamp": _timestamp,
    "AWSEmail": _email,
    "AWSJSON": _json,
    "AWSURL": _url,
    "AWSPhone": _phone,
    "AWSIPAddress": _ip_address,
}

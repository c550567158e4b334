"""What resolvers return, as JSON has it."""

import base64
import math
from decimal import Decimal
from typing import Any, SupportsBytes

_LARGEST_WHOLE = 2**53


def plain(value: Any, path: str) -> Any:  # noqa: PLR0911 - one for each kind of value
    """`value` with what DynamoDB has and JSON has not as subscribers are told it: sets as lists, binary as base64.

    Sets are sorted, so that each instance gives the same answer. A Decimal stays one: Lambda writes all its digits. But
    a whole number over 2**53 becomes a text, which ID, String and Float take alike: on the way to the client it passes
    through AppSync's JavaScript, where it would be a double, and an ID another one.

    Args:
        value: what a resolver returned, or a part of it.
        path: where it is, for the error.

    Raises:
        TypeError: there is something in it that is no JSON; the message has its type and its path.
    """
    match value:
        case int() if abs(value) > _LARGEST_WHOLE:
            return str(value)
        case Decimal() if value.is_finite() and abs(value) > _LARGEST_WHOLE and value == int(value):
            return str(int(value))
        case None | str() | int():
            return value
        case float() | Decimal() if math.isfinite(value):
            return value
        case dict() if all(isinstance(name, str | int) for name in value):
            return {name: plain(each, f"{path}.{name}") for name, each in value.items()}
        case tuple() if hasattr(value, "_asdict"):  # a NamedTuple, which Lambda writes as an object
            return plain(value._asdict(), path)
        case list() | tuple():
            return [plain(each, f"{path}[{position}]") for position, each in enumerate(value)]
        case set() | frozenset():
            return sorted((plain(each, path) for each in value), key=lambda each: (isinstance(each, str), each))
        case bytearray() | SupportsBytes():  # bytes, and boto3's Binary
            return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"{path}: a {type(value).__name__} that JSON does not have")

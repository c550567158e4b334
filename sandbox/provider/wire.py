"""Property values as the Pulumi engine sends them, and back.

The provider tells the engine that it takes no secrets, resources or outputs as such. So the engine sends plain
values, and marks what comes back as secret wherever the input of that name was.
"""

import re
from typing import Any

from google.protobuf import struct_pb2

from sandbox.provider.fields import UNKNOWN

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"

# The engine's sentinels for what is not known yet, one for each type of value.
UNKNOWNS = {
    UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}


def to_dict(properties: struct_pb2.Struct) -> dict[str, Any]:
    """Python values; whole numbers are int, nulls are left out."""
    values = {name: _to_python(value) for name, value in properties.fields.items()}
    return {name: value for name, value in values.items() if value is not None}


def to_struct(values: dict[str, Any]) -> struct_pb2.Struct:
    return struct_pb2.Struct(fields={name: _to_value(value) for name, value in values.items()})


def signature(value: Any) -> str | None:
    """What a property is by its mark, such as `ARCHIVE`, or None for a plain value."""
    return value.get(_SIGNATURE) if isinstance(value, dict) else None


def has_unknowns(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_unknowns, value.values()))
    if isinstance(value, list):
        return any(map(has_unknowns, value))
    return bool(value == UNKNOWN)


def _to_python(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in UNKNOWNS else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_to_python(member) for member in value.list_value.values]
        case "struct_value":
            found = to_dict(value.struct_value)
            return found.get("value") if signature(found) == _SECRET else found
    return None


def _to_value(value: Any) -> struct_pb2.Value:
    match value:
        case None:
            return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
        case bool():
            return struct_pb2.Value(bool_value=value)
        case int() | float():
            return struct_pb2.Value(number_value=value)
        case str():
            return struct_pb2.Value(string_value=value)
        case dict():
            return struct_pb2.Value(struct_value=to_struct(value))
        case list() | tuple():
            return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_to_value(v) for v in value]))
    raise TypeError(f"no property value: {re.sub(r'[^ -~]', '?', repr(value))[:80]}")

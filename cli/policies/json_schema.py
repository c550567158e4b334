"""The part of JSON Schema that the settings of rules are written in ("JSON Schema Validation", draft 2020-12)."""

from collections.abc import Mapping
from typing import Any

_TYPES: Mapping[str, tuple[str, type | tuple[type, ...]]] = {
    "string": ("a text", str),
    "integer": ("a whole number", int),
    "number": ("a number", (int, float)),
    "boolean": ("true or false", bool),
    "array": ("a list", list),
    "object": ("a mapping", dict),
}


def fault(schema: Mapping[str, Any], value: Any) -> str | None:
    """What `schema` asks for, in words, where the value is something else."""
    return None if _fits(schema, value) else described(schema)


def described(schema: Mapping[str, Any]) -> str:
    """`a whole number from 1 to 33`, `a list of texts`, `a, b or c`."""
    if "enum" in schema:
        *others, last = map(str, schema["enum"])
        return f"{', '.join(others)} or {last}" if others else last
    words = _TYPES[schema["type"]][0] if schema.get("type") in _TYPES else "a value"
    if "items" in schema:
        words += f", each entry {described(schema['items'])}"
    bounds = [f"{word} {schema[key]}" for word, key in (("from", "minimum"), ("to", "maximum")) if key in schema]
    return " ".join([words, *bounds])


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    if "enum" in schema and value not in schema["enum"]:
        return False
    wanted = _TYPES.get(schema.get("type", ""))
    # In Python a truth value is a number too; in JSON it is none.
    if wanted and (not isinstance(value, wanted[1]) or (isinstance(value, bool) and wanted[1] is not bool)):
        return False
    if isinstance(value, list) and "items" in schema:
        return all(_fits(schema["items"], entry) for entry in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def example(schema: Mapping[str, Any]) -> Any:
    """A value that fits."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "array":
            return [example(schema.get("items", {}))]
        case "object":
            return {}
        case _:
            return "..."

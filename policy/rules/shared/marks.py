"""What a program marks as secret: the engine tells, and pulumi-policy takes the marks off what it reads.

The pack's own server has them kept on the texts; under another host nothing is marked. In an exported state there are
none: the engine puts "[secret]" in a value's place.
"""

from collections.abc import Mapping
from typing import Any

from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY

REDACTED = "[secret]"
"""What `pulumi policy analyze` puts in place of a secret of an exported state, whatever its type."""


class Marked(str):
    """A text that is secret."""

    __slots__ = ()


def keeping(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties, as the engine sends them, with `Marked` texts in place of the secrets that hold them."""
    return {key: _keeping(value) for key, value in properties.items()}


def is_marked(value: object) -> bool:
    """Whether a property's value, as the rules see it, is secret."""
    return isinstance(value, Marked) or value == REDACTED


def _keeping(value: Any, *, secret: bool = False) -> Any:
    if isinstance(value, str):
        return Marked(value) if secret else value
    if isinstance(value, list):
        return [_keeping(each, secret=secret) for each in value]
    if not isinstance(value, dict):
        return value
    signature = value.get(SPECIAL_SIG_KEY)
    if signature == SPECIAL_SECRET_SIG and "value" in value:
        return _keeping(value["value"], secret=True)
    # An asset's or archive's members say what it is, and are pulumi-policy's to read.
    return value if signature else {key: _keeping(each, secret=secret) for key, each in value.items()}

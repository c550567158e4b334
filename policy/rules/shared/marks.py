"""What a program marks as secret: the engine tells, and pulumi-policy takes the marks off before a rule sees them.

`keep()` leaves them on the texts. In an exported state there are none: the engine puts "[secret]" in a value's place.
"""

from typing import Any

from pulumi_policy import deserialize

REDACTED = "[secret]"
"""What `pulumi policy analyze` puts in place of a secret of an exported state, whatever its type."""

_take_apart = deserialize._deserialize_property  # noqa: SLF001 - pulumi-policy offers no other way to the marks


class Marked(str):
    """A text that is secret."""

    __slots__ = ()


def keep() -> None:
    """From now on, every secret text of a request is `Marked`."""
    deserialize._deserialize_property = _keeping  # noqa: SLF001 - as above


def is_marked(value: object) -> bool:
    """Whether a property's value, as the engine shows it, is secret."""
    return isinstance(value, Marked) or value == REDACTED


def _keeping(prop: Any, proxy_secrets: bool = False) -> Any:  # noqa: FBT001, FBT002 - the signature of what it replaces
    value = _take_apart(prop, proxy_secrets)
    if proxy_secrets or not isinstance(prop, dict):
        return value
    return _marked(value) if prop.get(deserialize.SPECIAL_SIG_KEY) == deserialize.SPECIAL_SECRET_SIG else value


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return Marked(value)
    if isinstance(value, list):
        return [_marked(each) for each in value]
    if isinstance(value, dict):
        return {key: _marked(each) for key, each in value.items()}
    return value

"""Reading properties of which a preview may not know all, without losing what is known beside them."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError


class Unknown(Enum):
    """The type of `UNKNOWN`, so that type checkers tell it from a value."""

    UNKNOWN = "known after the deployment"


UNKNOWN: Final = Unknown.UNKNOWN


def read(props: Mapping[str, Any], key: str) -> Any:
    """The property's value; None where there is none, UNKNOWN where only the deployment will tell."""
    try:
        return props.get(key)
    except UnknownValueError:
        return UNKNOWN


def read_list(props: Mapping[str, Any], key: str) -> list[Any] | Unknown:
    """The entries of a list property, each perhaps UNKNOWN; no entries where there is no list."""
    entries: Sequence[Any] | Unknown | None = read(props, key)
    if entries is UNKNOWN:
        return UNKNOWN
    return [_entry(entries, index) for index in range(len(entries))] if entries else []


def is_stated(resource: PolicyResource, key: str) -> bool:
    """Whether the program gave the property.

    A stack rule sees outputs, and a provider's preview calls unknown what AWS will fill in; the engine records the
    dependencies of each property that the program gave, and of no other, be they none at all.
    """
    return key in resource.property_dependencies


def _entry(entries: Sequence[Any], index: int) -> Any:
    try:
        return entries[index]
    except UnknownValueError:
        return UNKNOWN

"""What a remediation is given, and what it gives back."""

from collections.abc import Mapping, MutableMapping
from typing import Any, cast

from pulumi_policy.proxy import unknown_checking_proxy

from .known import Properties, plain


def shown(props: Mapping[str, Any], kind: str) -> Properties:
    """The properties of a resource that may have to be mended, to be read as rules do.

    The engine shows a remediation what it does not know as texts of its own, which nothing must take for values.
    """
    return Properties(unknown_checking_proxy(plain(props)), kind)


def changed(props: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties themselves, changed: so secrets stay secret, and what is not known yet stays so."""
    writable = cast("MutableMapping[str, Any]", props)
    for key, value in values.items():
        writable[key] = value
    return props

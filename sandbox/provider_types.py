"""What the official AWS provider says of its resource types: the types that its Python SDK, pulumi-aws, is made of.

A type's module is imported when it is first asked for, which takes up to a second for the largest.
"""

import inspect
import typing
from functools import cache
from importlib import import_module
from types import NoneType
from typing import Any

from pulumi import _types
from pulumi.runtime import rpc


class UnknownTypeError(Exception):
    """The provider has no resource type of this token."""


def resource_class(token: str) -> Any:
    """The class of a resource type, such as `aws:lambda/function:Function`.

    Raises:
        UnknownTypeError: there is none.
    """
    import_module("pulumi_aws")  # which tells pulumi of its modules

    package, _, rest = token.partition(":")
    module: Any = rpc.get_resource_module(package, rest.rpartition(":")[0], "")
    if module is None or token not in module.mod_info["classes"]:
        raise UnknownTypeError(token)
    folder = import_module(module.mod_info["fqn"])
    return getattr(folder, module.mod_info["classes"][token])


@cache
def inputs(token: str) -> dict[str, bool]:
    """The inputs that the type takes, by the provider's own (camelCase) names: whether each must be given."""
    class_ = resource_class(token)
    module = inspect.getmodule(class_)
    arguments = getattr(module, f"{class_.__name__}Args", None)
    if arguments is None:
        return {}
    return {name: not _optional(_hint(getter)) for _, name, getter in _types._py_properties(arguments)}  # noqa: SLF001


@cache
def numbers(token: str) -> dict[str, type]:
    """The inputs that are a number, or true or false: `int`, `float` or `bool` by their names."""
    arguments = getattr(inspect.getmodule(resource_class(token)), f"{resource_class(token).__name__}Args", None)
    hints = {name: typing.get_args(_hint(getter)) for _, name, getter in _types._py_properties(arguments)}  # noqa: SLF001
    found = {name: next((kind for kind in (bool, int, float) if kind in hint), None) for name, hint in hints.items()}
    return {name: kind for name, kind in found.items() if kind}


@cache
def outputs(token: str) -> dict[str, bool]:
    """The outputs that the type has: whether each has a value in every resource, as an ARN has."""
    found = {}
    for _, name, getter in _types._py_properties(resource_class(token)):  # noqa: SLF001 - pulumi has no public way
        (value,) = typing.get_args(_hint(getter)) or (Any,)  # of Output[...]
        found[name] = not _optional(value)
    return found


def _hint(getter: property) -> Any:
    return inspect.get_annotations(typing.cast("Any", getter.fget)).get("return")


def _optional(hint: Any) -> bool:
    return NoneType in typing.get_args(hint)

"""Which of the properties that rules read and edits write the provider's own types have."""

import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pulumi import Archive, Asset, _types

from sandbox import provider_types

# Outputs that stack.py tries on whatever a value may name.
_TRIED = {"arn", "qualifiedArn", "id", "name", "functionName", "bucket", "url"}


def misspelt(places: Iterable[tuple[str, str]]) -> list[str]:
    """Those of the types and paths that the provider's types do not have."""
    theirs = {(kind, path) for kind, path in places if kind.startswith("aws:") and path not in _TRIED}
    return sorted(f"{kind} {path}" for kind, path in theirs if not exists(kind, path))


@cache
def exists(kind: str, path: str) -> bool:
    """Whether the provider's types have the property; what lies in a mapping or a text is the program's own."""
    known: Any = provider_types.resource_class(kind)
    first, *rest = path.split(".")
    types = {**_types.resource_types(known), **dict.fromkeys(provider_types.inputs(kind), Any), "id": str}
    if first not in types:
        return False
    return _has(_types.resource_types(known).get(first, str), rest)


def _has(type_: Any, keys: list[str]) -> bool:
    type_ = _member(type_)
    if not keys or _is_own(type_):
        return True
    if not (isinstance(type_, type) and _types.is_output_type(type_)):
        return False
    nested = _types.output_type_types(type_)
    return keys[0] in nested and _has(nested[keys[0]], keys[1:])


def _member(type_: Any) -> Any:
    """Of a list its members', of what may be missing what it is where it is not."""
    type_ = _types.unwrap_type(type_)
    if typing.get_origin(type_) in (list, typing.get_origin(typing.Sequence[str])):
        return _member(typing.get_args(type_)[0])
    return type_


def _is_own(type_: Any) -> bool:
    """Whether what lies within has names of the program's own: tags, texts of JSON, files of an archive."""
    origin = typing.get_origin(type_)
    if origin in (dict, typing.get_origin(typing.Mapping[str, str])) or type_ in (str, Any):
        return True
    return any(
        isinstance(each, type) and issubclass(each, (Asset, Archive)) for each in (type_, *typing.get_args(type_))
    )


def written(kind: str, properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The paths of all that a program (or an edit) gives a resource, but what lies in what is its own."""
    for key, value in properties.items():
        yield from _paths(kind, key, value)


def _paths(kind: str, path: str, value: Any) -> Iterator[tuple[str, str]]:
    yield kind, path
    if not exists(kind, path) or isinstance(value, str):
        return
    if isinstance(value, list):
        for member in value:
            yield from _paths(kind, path, member)
    elif isinstance(value, Mapping):
        for key, member in value.items():
            if "." not in key and not key.startswith("4dabf18"):
                yield from _paths(kind, f"{path}.{key}", member)

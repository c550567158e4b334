"""The DynamoDB tables that the API declares in `tables.yaml`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components.api_error import ApiError
from components.api_files import read_yaml

_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_ATTRIBUTE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,254}")
_INDEX = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_TYPES = {"string": "S", "number": "N", "binary": "B"}
_CHANGES = {"insert": "INSERT", "modify": "MODIFY", "remove": "REMOVE"}
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPTIONS = ("key", "indexes", "publish")
_KEY_RULE = "one or two attributes, partition key first, each with a type: string, number or binary"
_EXAMPLE = "key: {id: string}"
_MOST_INDEXES = 20  # "Quotas in Amazon DynamoDB" in its Developer Guide: the default, which only AWS Support raises


@dataclass(frozen=True)
class Key:
    """The attributes of a key, partition key first, by name; types as DynamoDB abbreviates them."""

    attributes: Mapping[str, str]

    @property
    def partition(self) -> str:
        return next(iter(self.attributes))

    @property
    def sort(self) -> str | None:
        return next(iter([*self.attributes][1:]), None)


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes:
        publish: INSERT, MODIFY or REMOVE, as DynamoDB's streams call changes, to the mutation that publishes them.
        variable: the environment variable that holds the table's real name in the resolvers' function.
    """

    name: str
    key: Key
    indexes: Mapping[str, Key]
    publish: Mapping[str, str] = field(default_factory=dict)

    @property
    def variable(self) -> str:
        return f"TABLE_{self.name.upper()}"

    @property
    def attributes(self) -> dict[str, str]:
        """Every attribute that a key uses, as DynamoDB wants them defined, once each."""
        used = dict(self.key.attributes)
        for index in self.indexes.values():
            used |= index.attributes
        return used


@dataclass(frozen=True)
class Tables:
    """`problems` are what stands in the way, with remedies."""

    tables: tuple[Table, ...] = ()
    problems: tuple[str, ...] = ()


def read(path: Path) -> Tables:
    """The tables that the file declares; none where there is no file."""
    if not path.exists():
        return Tables()
    try:
        content = read_yaml(path) or {}
    except ApiError as error:
        return Tables(problems=error.problems)
    problems = tuple(f"{path}: {problem}" for problem in _problems(content))
    if problems:
        return Tables(problems=problems)
    return Tables(tuple(_table(name, declared) for name, declared in content.items()))


def _table(name: str, declared: Mapping[str, Any]) -> Table:
    indexes = {index: _key(attributes) for index, attributes in declared.get("indexes", {}).items()}
    publish = {_CHANGES[change]: mutation for change, mutation in declared.get("publish", {}).items()}
    return Table(name, _key(declared["key"]), indexes, publish)


def _key(declared: Mapping[str, str]) -> Key:
    return Key({attribute: _TYPES[kind] for attribute, kind in declared.items()})


def _problems(content: Any) -> Iterator[str]:
    if not isinstance(content, Mapping):
        yield f"the file maps table names to their keys, such as `orders: {{{_EXAMPLE}}}`; found {content!r}."
        return
    for name, declared in content.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            yield (
                f"{name!r} cannot be a table's name: lower-case letters, digits and underscores, a letter first, "
                "at most 30 characters."
            )
        elif not isinstance(declared, Mapping) or "key" not in declared:
            yield f"table {name} declares no key. Write {_EXAMPLE} below it."
        else:
            yield from _table_problems(name, declared)


def _table_problems(name: str, declared: Mapping[str, Any]) -> Iterator[str]:
    for option in declared:
        if option not in _OPTIONS:
            yield f"table {name} has an unknown option {option!r}. Options: {', '.join(_OPTIONS)}."
    yield from _publish_problems(name, declared.get("publish", {}))
    yield from _key_problems(f"table {name}", declared["key"])
    indexes = declared.get("indexes", {})
    if not isinstance(indexes, Mapping):
        yield f"table {name}: indexes are a mapping of names to keys; found {indexes!r}."
        return
    if len(indexes) > _MOST_INDEXES:
        yield (
            f"table {name} has {len(indexes)} indexes; DynamoDB takes at most {_MOST_INDEXES} a table. "
            "Remove some, or split the table."
        )
    for index, key in indexes.items():
        if not isinstance(index, str) or not _INDEX.fullmatch(index):
            yield f"table {name}: {index!r} cannot be an index's name: 3 to 255 letters, digits, '_', '.' or '-'."
        yield from _key_problems(f"index {index} of table {name}", key)
    yield from _type_conflicts(name, [declared["key"], *indexes.values()])


def _publish_problems(name: str, publish: Any) -> Iterator[str]:
    if not isinstance(publish, Mapping):
        yield f"table {name}: publish maps {', '.join(_CHANGES)} to mutations; found {publish!r}."
        return
    for change, mutation in publish.items():
        if change not in _CHANGES:
            yield f"table {name} publishes {change!r}, which is no change. Changes: {', '.join(_CHANGES)}."
        if not isinstance(mutation, str) or not _FIELD.fullmatch(mutation):
            yield f"table {name} publishes {change} by {mutation!r}, which cannot be a mutation's name."


def _key_problems(what: str, key: Any) -> Iterator[str]:
    if not _is_key(key):
        yield f"the key of {what} is {key!r}; a key is {_KEY_RULE}, such as {_EXAMPLE}."


def _is_key(key: Any) -> bool:
    return (
        isinstance(key, Mapping)
        and len(key) in {1, 2}
        and all(isinstance(attribute, str) and _ATTRIBUTE.fullmatch(attribute) for attribute in key)
        and all(isinstance(kind, str) and kind in _TYPES for kind in key.values())
    )


def _type_conflicts(name: str, keys: list[Any]) -> Iterator[str]:
    types: dict[str, str] = {}
    for key in filter(_is_key, keys):
        for attribute, kind in key.items():
            if types.setdefault(attribute, kind) != kind:
                yield f"table {name}: {attribute} is a {types[attribute]} in one key and a {kind} in another."

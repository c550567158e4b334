"""Reading properties of which a preview may not know all, without losing what is known beside them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from pulumi_policy.proxy import UnknownValueError

from .marks import REDACTED, is_marked


class Unknown(Enum):
    """The type of `UNKNOWN`, so that type checkers tell it from a value."""

    UNKNOWN = "known after the deployment"


UNKNOWN: Final = Unknown.UNKNOWN


class NotKnownError(Exception):
    """A property that a rule needs has no value yet; `place` is its path."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class Properties:
    """The properties at one place of a resource: those of all of it, or nested ones.

    Attributes:
        kind: the resource's type.
        place: the path from the resource, as in `defaultCacheBehavior.allowedMethods`; "" for all of it.
    """

    noted: Callable[[str, str], None] | None = None
    """Told of each property that is read, its kind and its path: tests hold them against the provider's types."""

    def __init__(self, values: Mapping[str, Any], kind: str, place: str = "") -> None:
        self._values, self.kind, self.place = values, kind, place

    def read(self, key: str) -> Any:
        """The property's value, or None where there is none. A list or mapping may hold UNKNOWN entries.

        Raises:
            NotKnownError: only the deployment will tell; the rule is then said to be undecided here.
        """
        value = self.peek(key)
        if value is UNKNOWN:
            raise NotKnownError(self._below(key))
        return value

    def peek(self, key: str) -> Any:
        """As `read`, but UNKNOWN where only the deployment will tell: for rules that can judge all the same."""
        return plain(self._value(key))

    def read_list(self, key: str) -> list[Any]:
        """The members of a list; none where there is none.

        Raises:
            NotKnownError: one of them is not known yet.
        """
        members = self.read(key) or []
        if UNKNOWN in members:
            raise NotKnownError(f"{self._below(key)}[{members.index(UNKNOWN)}]")
        return list(members)

    def peek_along(self, path: str) -> Any:
        """As `peek`, of a nested property: `environment.variables`."""
        *outer, last = path.split(".")
        props = self
        for key in outer:
            if props.peek(key) is UNKNOWN:
                return UNKNOWN
            inner = props.inner(key)
            if inner is None:
                return None
            props = inner
        return props.peek(last)

    def is_secret(self, key: str) -> bool:
        """Whether the program marks the property as secret, known or not."""
        try:
            return is_marked(self._values.get(key))
        except UnknownValueError as error:
            return is_marked(error.unknown_type_sentinel)

    def inner(self, key: str) -> "Properties | None":
        """The properties nested below one; None where there are none.

        Raises:
            NotKnownError: only the deployment will tell.
        """
        value = self._known(key)
        if isinstance(value, Mapping):
            return Properties(value, self.kind, self._below(key))
        return None

    def each(self, key: str) -> "list[Properties]":
        """The members of a list of nested properties.

        Raises:
            NotKnownError: only the deployment will tell how many there are, or what one of them is.
        """
        value = self._known(key)
        members = list(_entries(value)) if _is_list(value) else []
        for index, member in enumerate(members):
            if member is UNKNOWN:
                raise NotKnownError(f"{self._below(key)}[{index}]")
        return [
            Properties(member, self.kind, f"{self._below(key)}[{index}]")
            for index, member in enumerate(members)
            if isinstance(member, Mapping)
        ]

    def keys(self) -> list[str]:
        """The names of the properties that there are, such as a mapping's keys."""
        return list(self._values)

    def _known(self, key: str) -> Any:
        value = self._value(key)
        if value is UNKNOWN:
            raise NotKnownError(self._below(key))
        return value

    def _value(self, key: str) -> Any:
        if Properties.noted:
            Properties.noted(self.kind, self._below(key))
        try:
            value = self._values.get(key)
        except UnknownValueError:
            return UNKNOWN
        return UNKNOWN if value == REDACTED else value

    def _below(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def known(value: Any, place: str) -> Any:
    """The value.

    Raises:
        NotKnownError: it is UNKNOWN; the rule is then said to be undecided here.
    """
    if value is UNKNOWN:
        raise NotKnownError(place)
    return value


def plain(value: Any) -> Any:
    """Lists and mappings as Python's own; whole numbers as such, although all arrive as fractions."""
    if isinstance(value, str | Unknown | None):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {key: _entry(value, key) for key in value}
    return [plain(entry) for entry in _entries(value)] if _is_list(value) else value


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _entries(values: Sequence[Any]) -> Iterator[Any]:
    for index in range(len(values)):
        try:
            yield UNKNOWN if values[index] == REDACTED else values[index]
        except UnknownValueError:
            yield UNKNOWN


def _entry(values: Mapping[str, Any], key: str) -> Any:
    try:
        return UNKNOWN if values[key] == REDACTED else plain(values[key])
    except UnknownValueError:
        return UNKNOWN

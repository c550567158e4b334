"""How a resource is written on either side: Pulumi's properties and AWS's members, in one table for both directions.

A `Shape` is the table and each `Field` a row. From it come the call's parameters (`encode`), the properties that
AWS's answer stands for (`decode`), what a program says in the words it used (`merge`) and what has changed
(`changes`). A property that has no row is an error that names it: none is ever dropped.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

# What the engine puts where a value is known only after the deployment (Pulumi's wire protocol).
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

Effect = Literal["add", "delete", "update"]


class UnhandledInputError(Exception):
    """Inputs that the embedded AWS has no table row for; `paths` names each in full."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


@dataclass(frozen=True)
class Change:
    """A property that differs: what happened to it, and whether only a new resource can have it."""

    effect: Effect
    replaces: bool = False


class Kind:
    """A value that is the same on both sides."""

    def unhandled(self, _value: Any, _path: str) -> Iterator[str]:
        """The paths in a program's value that have no row."""
        yield from ()

    def encode(self, value: Any) -> Any:
        """Pulumi's value as AWS's."""
        return value

    def decode(self, value: Any) -> Any:
        """AWS's value as Pulumi's."""
        return value

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values, in Pulumi's form, mean the same; nothing and empty do."""
        return bool(one == other or (_is_empty(one) and _is_empty(other)))

    def merge(self, given: Any, actual: Any, *, full: bool) -> Any:  # noqa: ARG002 - nested kinds need it
        """AWS's value, in the words of the given one where both mean the same.

        With `full`, what AWS and the table add to the given value is part of it; without, only what differs from
        what was asked for.
        """
        return given if self.same(given, actual) else actual

    def foresee(self, given: Any, present: Any) -> Any:  # noqa: ARG002 - nested kinds need it
        """The given value with what AWS adds to it: as in `present`, AWS's value so far, or unknown."""
        return given

    def changes(self, old: Any, new: Any, path: str) -> Iterator[tuple[str, Change]]:
        """The paths at which two values differ."""
        if self.same(old, new):
            return
        if _is_empty(old):
            yield path, Change("add")
        elif _is_empty(new):
            yield path, Change("delete")
        else:
            yield from self.inner_changes(old, new, path)

    def inner_changes(self, _old: Any, _new: Any, path: str) -> Iterator[tuple[str, Change]]:
        """The differences of two values, neither of them empty."""
        yield path, Change("update")


SCALAR = Kind()


class JsonText(Kind):
    """A JSON document as text, which AWS may give back parsed or otherwise spaced."""

    def decode(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value)

    def same(self, one: Any, other: Any) -> bool:
        return bool(super().same(one, other) or self._parsed(one) == self._parsed(other))

    @staticmethod
    def _parsed(text: Any) -> Any:
        try:
            return json.loads(text)
        except (TypeError, ValueError):
            return text


class DnsName(Kind):
    """A DNS name: its case and a dot at its end mean nothing."""

    def decode(self, value: str) -> str:
        return value.removesuffix(".").replace(r"\052", "*")

    def same(self, one: Any, other: Any) -> bool:
        return bool(_plain_name(one) == _plain_name(other))


def _plain_name(name: Any) -> Any:
    return name.removesuffix(".").lower() if isinstance(name, str) else name


@dataclass(frozen=True)
class Many(Kind):
    """A list; with `ordered` false its order means nothing."""

    item: Kind = SCALAR
    ordered: bool = True

    def unhandled(self, value: Any, path: str) -> Iterator[str]:
        for index, member in enumerate(value if isinstance(value, list) else []):
            yield from self.item.unhandled(member, f"{path}[{index}]")

    def encode(self, value: Any) -> Any:
        return [self.item.encode(member) for member in value]

    def decode(self, value: Any) -> Any:
        return [self.item.decode(member) for member in value]

    def same(self, one: Any, other: Any) -> bool:
        if not isinstance(one, list) or not isinstance(other, list):
            return super().same(one, other)
        if len(one) != len(other):
            return False
        if self.ordered:
            return all(map(self.item.same, one, other))
        return not self._unmatched(one, other)

    def merge(self, given: Any, actual: Any, *, full: bool) -> Any:
        if not isinstance(given, list) or not isinstance(actual, list):
            return super().merge(given, actual, full=full)
        if self.ordered:
            paired = zip(given, actual, strict=False)
            merged = [self.item.merge(one, other, full=full) for one, other in paired]
            return merged + actual[len(given) :]
        left = list(actual)
        partners = []
        for one in given:
            found = next((n for n, other in enumerate(left) if self._matches(one, other)), None)
            partners.append(None if found is None else left.pop(found))
        # What matches nothing is taken for a changed member, so that a difference shows as small as it is.
        changed = [partner if partner is not None or not left else left.pop(0) for partner in partners]
        paired = zip(given, changed, strict=True)
        return [self.item.merge(one, other, full=full) for one, other in paired if other is not None] + left

    def inner_changes(self, old: Any, new: Any, path: str) -> Iterator[tuple[str, Change]]:
        if not isinstance(old, list) or not isinstance(new, list):
            yield path, Change("update")
        elif self.ordered:
            for index in range(max(len(old), len(new))):
                one, other = (side[index] if index < len(side) else None for side in (old, new))
                yield from self.item.changes(one, other, f"{path}[{index}]")
        else:
            gone, come = self._unmatched(old, new), self._unmatched(new, old)
            for index in sorted({*gone, *come}):
                where = f"{path}[{index}]"
                if index in gone and index in come:
                    yield from self.item.changes(old[index], new[index], where)
                else:
                    yield where, Change("add" if index in come else "delete")

    def _matches(self, given: Any, actual: Any) -> bool:
        """Whether AWS's member is the given one, with no more than what AWS adds by itself."""
        return self.item.same(self.item.merge(given, actual, full=False), given)

    def _unmatched(self, these: list[Any], those: list[Any]) -> list[int]:
        left = list(those)
        missing = []
        for index, one in enumerate(these):
            found = next((n for n, other in enumerate(left) if self.item.same(one, other)), None)
            if found is None:
                missing.append(index)
            else:
                left.pop(found)
        return missing


@dataclass(frozen=True)
class Keyed(Many):
    """A list of objects without an order, which are told apart by one property of theirs."""

    ordered: bool = False
    key: str = "name"

    def same(self, one: Any, other: Any) -> bool:
        if not isinstance(one, list) or not isinstance(other, list):
            return super().same(one, other)
        return not any(True for _ in self.inner_changes(one, other, ""))

    def merge(self, given: Any, actual: Any, *, full: bool) -> Any:
        if not isinstance(actual, list) or not actual:
            return super().merge(given, actual, full=full)
        left = {self._name(member): member for member in actual}
        known = [one for one in given if self._name(one) in left] if isinstance(given, list) else []
        merged = [self.item.merge(one, left.pop(self._name(one)), full=full) for one in known]
        return merged + [self.item.merge(None, other, full=full) for other in left.values()]

    def foresee(self, given: Any, present: Any) -> Any:
        if not isinstance(given, list):
            return given
        there = {self._name(member): member for member in present} if isinstance(present, list) else {}
        return [self.item.foresee(member, there.get(self._name(member))) for member in given]

    def inner_changes(self, old: Any, new: Any, path: str) -> Iterator[tuple[str, Change]]:
        if not isinstance(old, list) or not isinstance(new, list):
            yield path, Change("update")
            return
        before, after = ({self._name(member): member for member in side} for side in (old, new))
        come = {index for index, member in enumerate(new) if self._name(member) not in before}
        for index, member in enumerate(old):
            if self._name(member) not in after and index not in come:
                yield f"{path}[{index}]", Change("delete")
        for index, member in enumerate(new):
            where = f"{path}[{index}]"
            if index not in come:
                yield from self.item.changes(before[self._name(member)], member, where)
            elif index < len(old) and self._name(old[index]) not in after:
                yield from self.item.changes(old[index], member, where)
            else:
                yield where, Change("add")

    def _name(self, member: Any) -> Any:
        return member.get(self.key) if isinstance(member, dict) else member


@dataclass(frozen=True)
class Counted(Many):
    """CloudFront's lists: {"Quantity": n, "Items": [...]}."""

    def encode(self, value: Any) -> Any:
        return {"Quantity": len(value)} | ({"Items": super().encode(value)} if value else {})

    def decode(self, value: Any) -> Any:
        return super().decode(value.get("Items", []))


@dataclass(frozen=True)
class Wrapped(Kind):
    """A list of one object with one property in Pulumi, where AWS has a plain member."""

    name: str

    def unhandled(self, value: Any, path: str) -> Iterator[str]:
        for index, member in enumerate(value if isinstance(value, list) else []):
            yield from (f"{path}[{index}].{key}" for key in member if key != self.name)

    def encode(self, value: Any) -> Any:
        return value[0][self.name] if value else None

    def decode(self, value: Any) -> Any:
        return [{self.name: value}]


@dataclass(frozen=True)
class Boxed(Kind):
    """A plain value in Pulumi, where AWS has an object with one member."""

    member: str

    def encode(self, value: Any) -> Any:
        return {self.member: value}

    def decode(self, value: Any) -> Any:
        return value[self.member]


@dataclass(frozen=True)
class Single(Many):
    """A list of one in Pulumi, where AWS has the thing itself."""

    def encode(self, value: Any) -> Any:
        return self.item.encode(value[0]) if value else None

    def decode(self, value: Any) -> Any:
        return [self.item.decode(value)]


class Mapping(Kind):
    """Names and texts, under the same names on both sides."""

    def inner_changes(self, old: Any, new: Any, path: str) -> Iterator[tuple[str, Change]]:
        if not isinstance(old, dict) or not isinstance(new, dict):
            yield path, Change("update")
            return
        for key in sorted({*old, *new}):
            yield from SCALAR.changes(old.get(key), new.get(key), _member(path, key))


class Tags(Mapping):
    """A mapping that AWS writes as a list of {"Key", "Value"}."""

    def encode(self, value: Any) -> Any:
        return [{"Key": key, "Value": text} for key, text in value.items()]

    def decode(self, value: Any) -> Any:
        return {tag["Key"]: tag["Value"] for tag in value}


@dataclass(frozen=True)
class Field:
    """A row of the table: a property and the member it stands for.

    Attributes:
        name: Pulumi's name.
        api: AWS's member, with dots for one inside another; "" where the value's members lie in the object
            itself; None for what only the provider knows.
        kind: how the value is written on either side.
        default: what is sent, and assumed, where the program says nothing.
        replaces: a change takes a new resource.
        computed: AWS chooses where the program says nothing.
        output: AWS alone says it.
    """

    name: str
    api: str | None = None
    kind: Kind = SCALAR
    default: Any = None
    replaces: bool = False
    computed: bool = False
    output: bool = False


@dataclass(frozen=True)
class Shape(Kind):
    """An object: the rows, by Pulumi's name."""

    fields: dict[str, Field] = field(default_factory=dict)

    def unhandled(self, value: Any, path: str = "") -> Iterator[str]:
        for name, member in (value if isinstance(value, dict) else {}).items():
            row = self.fields.get(name)
            if name.startswith("__"):  # Pulumi's and this provider's own remarks
                continue
            if row is None or row.output:
                yield _member(path, name)
            else:
                yield from row.kind.unhandled(member, _member(path, name))

    def encode(self, value: Any) -> dict[str, Any]:
        """The parameters of a call.

        Raises:
            UnhandledInputError: the value has a property without a row.
        """
        if unhandled := list(self.unhandled(value)):
            raise UnhandledInputError(unhandled)
        encoded: dict[str, Any] = {}
        for row in self.inputs():
            given = value.get(row.name)
            given = row.default if given is None else given
            member = row.kind.encode(given) if row.api is not None and given is not None else None
            if row.api is not None and member is not None:
                _put(encoded, row.api.split("."), member)
        return encoded

    def decode(self, value: Any) -> dict[str, Any]:
        decoded: dict[str, Any] = {}
        for row in self.fields.values():
            found = None if row.api is None else _get(value, row.api.split("."))
            if found is not None:
                decoded[row.name] = row.kind.decode(found)
        return decoded

    def same(self, one: Any, other: Any) -> bool:
        one, other = ({} if side is None else side for side in (one, other))
        if not isinstance(one, dict) or not isinstance(other, dict):
            return super().same(one, other)
        return not any(True for _ in self.inner_changes(one, other, ""))

    def merge(self, given: Any, actual: Any, *, full: bool) -> Any:
        if not isinstance(actual, dict) or not actual:
            return super().merge(given, actual, full=full)
        given = given if isinstance(given, dict) else {}
        merged = {name: value for name, value in given.items() if name.startswith("__")}
        for row in self.fields.values():
            value = self._merged(row, given.get(row.name), actual.get(row.name), full=full)
            if value is not None:
                merged[row.name] = value
        return merged

    def foresee(self, given: Any, present: Any) -> Any:
        if not isinstance(given, dict):
            return given
        there = present if isinstance(present, dict) else {}
        foreseen = {name: value for name, value in given.items() if name.startswith("__")}
        for row in self.fields.values():
            value = given.get(row.name)
            value = row.default if value is None else value
            if value is not None:
                foreseen[row.name] = row.kind.foresee(value, there.get(row.name))
            elif row.output or row.computed:
                foreseen[row.name] = there.get(row.name, UNKNOWN)
        return foreseen

    def inner_changes(self, old: Any, new: Any, path: str) -> Iterator[tuple[str, Change]]:
        if not isinstance(old, dict) or not isinstance(new, dict):
            yield path, Change("update")
            return
        for row in self.inputs():
            one, other = old.get(row.name), new.get(row.name)
            if other is None and row.computed:
                continue
            effective = [row.default if side is None else side for side in (one, other)]
            if row.kind.same(*effective):
                continue
            where = _member(path, row.name)
            if one is None or other is None:
                yield where, Change("add" if one is None else "delete", row.replaces)
            else:
                for place, change in row.kind.changes(one, other, where):
                    yield place, Change(change.effect, change.replaces or row.replaces)

    def inputs(self) -> Iterator[Field]:
        """The rows that a program may fill."""
        return (row for row in self.fields.values() if not row.output)

    @staticmethod
    def _merged(row: Field, given: Any, actual: Any, *, full: bool) -> Any:
        if row.output:
            return actual if full else None
        if row.api is None and actual is None:
            return row.default if given is None and full else given
        if given is not None:
            return row.kind.merge(given, actual, full=full)
        if full:
            return row.default if actual is None else actual
        is_expected = row.computed or row.kind.same(actual, row.default)
        return None if is_expected or _is_empty(actual) else row.kind.merge(None, actual, full=False)


def shape(*rows: Field) -> Shape:
    """The table of these rows."""
    return Shape({row.name: row for row in rows})


def outputs(*names: str) -> Iterable[Field]:
    """Rows of what AWS alone says, put together by the resource that reads it."""
    return (Field(name, output=True) for name in names)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _member(path: str, name: str) -> str:
    """The path of a member, in the engine's notation."""
    if not name.replace("_", "a").isalnum():
        return f'{path}["{name}"]'
    return f"{path}.{name}" if path else name


def _put(target: dict[str, Any], path: list[str], value: Any) -> None:
    *parents, last = path
    for parent in parents:
        target = target.setdefault(parent, {})
    if last == "":
        target.update(value)
    elif isinstance(value, dict) and isinstance(target.get(last), dict):
        target[last].update(value)
    else:
        target[last] = value


def _get(source: Any, path: list[str]) -> Any:
    for name in path:
        if not isinstance(source, dict):
            return None
        source = source.get(name) if name else source
    return source

"""Which properties of a resource change, from what to what, as the engine's events tell it."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_PART = re.compile(r"""\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]"]+)""")
_SIGNATURE = "4dabf18193072939515e22adb298388d"  # marks assets, archives and secrets in property values
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # stands for what only the deployment can know
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # the mark's value on a secret, and on a list that holds one
_IN_LIST = re.compile(r"([^\[]+)\[(\d+)\]")
_LONGEST = 60
_MOST = 5  # items of a list whose changes are told one by one


@dataclass(frozen=True)
class Change:
    """A property's path and its two values as text; None where there is none."""

    path: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.old is None:
            return f"{self.path}: + {self.new}" if self.new is not None else self.path
        return f"{self.path}: {self.old} -> {self.new}" if self.new is not None else f"{self.path}: - {self.old}"


def changes_of(metadata: Any) -> Iterator[Change]:
    """The changes of one step, by path. A step that makes or deletes a resource whole has none."""
    old, new = inputs_of(metadata)
    for path in sorted(metadata.detailed_diff or metadata.diffs or ()):
        yield Change(path, *_texts(at(old, path), at(new, path)))


def summary(changes: Sequence[Change], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """A line a change, but one line for a list of which many items change; `old` and `new` are the inputs."""
    for name, of_list in itertools.groupby(changes, _list_of):
        listed = list(of_list)
        items = {match[2] for change in listed if (match := _IN_LIST.match(change.path))}
        if len(items) <= _MOST:
            yield from map(str, listed)
            continue
        lists = [value for inputs in (old, new) if isinstance(value := at(inputs, name), list)]
        yield f"{name}: {len(items)} of {max(map(len, lists), default=len(items))} values change"


def _list_of(change: Change) -> str:
    match = _IN_LIST.match(change.path)
    return match[1] if match else ""


def inputs_of(metadata: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs of a step's resource, before and after it."""
    old = (metadata.old.inputs if metadata.old else None) or {}
    new = (metadata.new.inputs if metadata.new else None) or {}
    return old, new


def at(value: Any, path: str) -> Any:
    """The value at a property path such as `origins[0].domainName` or `tags["a.b"]`; None where there is none.

    Where it is part of something secret, that is all there is to see.
    """
    for quoted, index, name in _PART.findall(path):
        if isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET:
            break
        key: Any = int(index) if index else quoted or name
        try:
            value = value[key]
        except (LookupError, TypeError):
            return None
    return value


def _texts(old: Any, new: Any) -> tuple[str | None, str | None]:
    """Both on one line each, cut to where they differ."""
    texts = _text(old), _text(new)
    if "\n" in "".join(filter(None, texts)):
        texts = _differing_lines(*texts)
    present = [text for text in texts if text is not None]
    same = _common(*present) if len(present) > 1 else 0
    one, other = (text if text is None else _cut(text, same) for text in texts)
    return one, other


def _differing_lines(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    lines = [None if text is None else text.split("\n") for text in (old, new)]
    number = _common(*(each for each in lines if each)) if None not in lines else 0
    one, other = (
        None if each is None else f"line {number + 1}: {each[number].strip()}" if number < len(each) else "(at its end)"
        for each in lines
    )
    return one, other


def _common(old: Sequence[Any], new: Sequence[Any]) -> int:
    """How much the two have in common from their beginning."""
    return next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )


def _cut(text: str, same: int) -> str:
    if len(text) <= _LONGEST:
        return text
    start = 0 if same < _LONGEST // 2 else same - _LONGEST // 3
    end = start + _LONGEST - 1
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict) and _SIGNATURE in value:
        digest = value.get("hash")
        return f"content {digest[:7]}" if digest else "(secret)"
    if value == _UNKNOWN:
        return "(known after deployment)"
    return str(value)

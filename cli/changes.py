"""Which properties of a resource change, from what to what, as the engine's events tell it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_PART = re.compile(r"""\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]"]+)""")
_SIGNATURE = "4dabf18193072939515e22adb298388d"  # marks assets, archives and secrets in property values
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # stands for what only the deployment can know
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # the mark's value on a secret, and on a list that holds one
_LONGEST = 60


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
        yield Change(path, _text(at(old, path)), _text(at(new, path)))


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


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict) and _SIGNATURE in value:
        digest = value.get("hash")
        return f"content {digest[:7]}" if digest else "(secret)"
    if value == _UNKNOWN:
        return "(known after deployment)"
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

"""Changes at a path of nested properties, such as `origins[0].domainName`; all that is not changed is shared."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final


class EditError(Exception):
    """An edit cannot be made, or would change nothing."""


class _Mark(Enum):
    MISSING = "not there"
    EACH = "each member"


MISSING: Final = _Mark.MISSING
_EACH: Final = _Mark.EACH

Step = str | int | _Mark
Operation = Callable[[Any], Any]
"""From what is at the path, or MISSING, to what shall be there."""

_STEP = re.compile(r'\.?(?:"(?P<quoted>[^"]+)"|\[(?P<index>-?\d+|\*)\]|(?P<name>[^.\["]+))')


def parse(path: str) -> list[Step]:
    """The steps of a path: names, places in lists, and `[*]` for all places."""
    steps: list[Step] = []
    place = 0
    while place < len(path):
        match = _STEP.match(path, place)
        if match is None:
            raise EditError(f"{path!r} is no path")
        place = match.end()
        if match["index"]:
            steps.append(_EACH if match["index"] == "*" else int(match["index"]))
        else:
            steps.append(match["quoted"] or match["name"])
    return steps


def update(value: Any, steps: Sequence[Step], operation: Operation) -> Any:
    """The value with the operation done at the path.

    Raises:
        EditError: there is no such path.
    """
    if not steps:
        return operation(value)
    if isinstance(value, str):
        return _in_json(value, steps, operation)
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        members = {} if value is MISSING else value
        if not isinstance(members, Mapping):
            raise EditError(f"{step!r} is looked for in what is no mapping")
        new = update(members.get(step, MISSING), rest, operation)
        others = {key: each for key, each in members.items() if key != step}
        return others if new is MISSING else {**members, step: new}
    if not isinstance(value, list):
        raise EditError(f"[{step}] is looked for in what is no list")
    places = range(len(value)) if step is _EACH else [_place(step, value)]
    new_members = [update(each, rest, operation) if place in places else each for place, each in enumerate(value)]
    return [each for each in new_members if each is not MISSING]


def _place(step: Any, value: list[Any]) -> int:
    if not -len(value) <= step < len(value):
        raise EditError(f"there is no [{step}] among {len(value)}")
    return int(step) % len(value)


def _in_json(text: str, steps: Sequence[Step], operation: Operation) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        raise EditError(f"{steps[0]!r} is looked for in a text that is no JSON: {text[:40]!r}") from None
    return json.dumps(update(value, steps, operation))


def setting(wanted: Any) -> Operation:
    def operation(present: Any) -> Any:
        if present == wanted and present is not MISSING:
            raise EditError(f"it is {wanted!r} already")
        return wanted

    return operation


def deleting(present: Any) -> Any:
    if present is MISSING:
        raise EditError("it is not there to be deleted")
    return MISSING


def appending(member: Any) -> Operation:
    def operation(present: Any) -> Any:
        if present is not MISSING and not isinstance(present, list):
            raise EditError("it is no list to append to")
        return [*([] if present is MISSING else present), member]

    return operation


def replacing(old: str, new: str) -> Operation:
    def operation(present: Any) -> Any:
        if not isinstance(present, str) or old not in present:
            raise EditError(f"{old!r} is not in it")
        return present.replace(old, new)

    return operation

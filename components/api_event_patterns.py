"""Event patterns that EventBridge would refuse, or that no event could ever fit.

Sources: "Event structure", "Amazon EventBridge event patterns" and "Comparison operators for use in event patterns in
Amazon EventBridge" in the Amazon EventBridge User Guide; where those are silent, Event Ruler, which is its matcher.
"""

import ipaddress
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

OR = "$or"
DETAIL = "detail"
FIELDS = ("account", DETAIL, "detail-type", "id", "region", "replay-name", "resources", "source", "time", "version")
"""Of every event; all but `detail` hold texts, and all but `replay-name` are always there."""
LONGEST = 2048
"""Characters, as JSON ("Amazon EventBridge quotas" in its User Guide): the default, which only AWS Support raises."""

_LARGEST_NUMBER = 5e9
_FEWEST_BRANCHES = 2
_Fault = str  # what is wrong with a value and what to write instead; empty where nothing is


def as_json(pattern: Mapping[str, Any]) -> str:
    """What EventBridge is given, of a pattern without `problems`."""
    return json.dumps(pattern, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def problems(pattern: Any) -> Iterator[str]:
    """What is wrong with the pattern: the place in it, the value, the rule, and what to write."""
    if not isinstance(pattern, Mapping) or not pattern:
        yield f"the pattern is {pattern!r}; it maps fields of the event to lists of values: {{source: [com.example]}}."
        return
    yield from _event_problems("pattern", pattern)


def _event_problems(where: str, pattern: Mapping[Any, Any]) -> Iterator[str]:
    for field, value in pattern.items():
        place = f"{where}.{field}"
        if field == OR:
            yield from _branch_problems(place, value, _event_problems)
        elif field not in FIELDS:
            yield f"no event has a field {field!r}, so none would fit {where}. Fields: {OR}, {', '.join(FIELDS)}."
        elif field != DETAIL:
            yield from _list_problems(place, value, _text_fault)
        elif isinstance(value, Mapping):
            yield from _object_problems(place, value)
        else:
            yield f"{place} is {value!r}; it maps fields of the event's detail to lists of values: {{name: [value]}}."


def _object_problems(where: str, value: Mapping[Any, Any]) -> Iterator[str]:
    if not value:
        yield f"{where} is empty, which EventBridge refuses: name a field in it, or leave it out."
    for name, inner in value.items():
        place = f"{where}.{name}"
        if not isinstance(name, str):
            yield f"{where} has the field {name!r}, as YAML reads it; JSON has texts for names: put it in quotes."
        elif name == OR:
            yield from _branch_problems(place, inner, _object_problems)
        elif isinstance(inner, Mapping):
            yield from _object_problems(place, inner)
        elif name in _COMPARISONS and not isinstance(inner, list):
            yield f"{where} is {{{name}: {inner!r}}} by itself; a comparison stands in a list: [{{{name}: {inner}}}]."
        else:
            yield from _list_problems(place, inner, _fault)


def _branch_problems(
    where: str, branches: Any, within: Callable[[str, Mapping[Any, Any]], Iterator[str]]
) -> Iterator[str]:
    if not isinstance(branches, list) or len(branches) < _FEWEST_BRANCHES:
        yield f"{where} is {branches!r}; it lists two patterns or more, of which one has to fit."
        return
    for number, branch in enumerate(branches):
        place = f"{where}[{number}]"
        if isinstance(branch, Mapping) and branch:
            yield from within(place, branch)
        else:
            yield f"{place} is {branch!r}; it maps fields to lists of values, as the pattern itself does."


def _list_problems(where: str, values: Any, fault_of: Callable[[Any], _Fault]) -> Iterator[str]:
    if not isinstance(values, list) or not values:
        yield f"{where} is {values!r}; EventBridge takes a list of the values that fit: [{values or 'value'}]."
        return
    yield from (f"{where} has {value!r}: {fault}" for value in values if (fault := fault_of(value)))


def _text_fault(value: Any) -> _Fault:
    if fault := _fault(value):
        return fault
    if isinstance(value, str) or (isinstance(value, Mapping) and "numeric" not in value):
        return ""
    return "every event has a text there, so none would fit. Put it in quotes."


def _fault(value: Any) -> _Fault:
    if isinstance(value, Mapping):
        return _comparison_fault(value, _COMPARISONS)
    if isinstance(value, list):
        return "a list in a list. Put its values into the outer one."
    if value is None or isinstance(value, str | bool) or _is_number(value):
        return ""
    return "JSON has no such value. Write another, or put it in quotes."


def _comparison_fault(value: Mapping[Any, Any], known: Mapping[str, Callable[[Any], _Fault]]) -> _Fault:
    match list(value.items()):
        case [(name, operand)] if name in known:
            return known[name](operand)
    return f"a comparison is one of {', '.join(known)}, with what it compares to. Write one of them."


def _text(operand: Any) -> _Fault:
    return "" if isinstance(operand, str) else "it compares to a text. Put one there, in quotes."


def _text_in_any_case(operand: Any) -> _Fault:
    if isinstance(operand, Mapping):
        return _comparison_fault(operand, {"equals-ignore-case": _text})
    return _text(operand)


def _some_text(operand: Any) -> _Fault:
    return _text(operand) or ("" if operand else "every text begins and ends with an empty one. Put another there.")


def _wildcard(operand: Any) -> _Fault:
    if fault := _text(operand):
        return fault
    if not re.fullmatch(r"([^\\]|\\[*\\])*", operand, re.DOTALL):
        return r"a backslash stands before * or another backslash alone. Write \\ for one."
    if re.search(r"\*\*", re.sub(r"\\.", "x", operand)):
        return "EventBridge takes no two * in a row. Write one."
    return ""


def _cidr(operand: Any) -> _Fault:
    if isinstance(operand, str) and re.fullmatch(r"[0-9A-Fa-f.:]+/\d+", operand):
        try:
            network = ipaddress.ip_network(operand, strict=False)
        except ValueError:
            pass
        else:
            if network.num_addresses > 1:
                return ""
    return "it compares to a range of IP addresses. Write one such as 10.0.0.0/24; one address is a plain value."


def _numeric(operand: Any) -> _Fault:
    match operand:
        case ["<" | "<=" | "=" | ">" | ">=", limit] if _is_comparable(limit):
            return ""
        case [">" | ">=", low, "<" | "<=", high] if _is_comparable(low) and _is_comparable(high) and low < high:
            return ""
    return (
        "it is a comparison with a number from -5e9 to 5e9, or the lower limit of a range and its upper one. "
        'Write such as ["=", 5] or [">", 0, "<=", 5].'
    )


def _exists(operand: Any) -> _Fault:
    return "" if isinstance(operand, bool) else "it is true or false. Write one of them, without quotes."


def _anything_but(operand: Any) -> _Fault:
    if isinstance(operand, Mapping):
        return _comparison_fault(operand, _EXCLUSIONS)
    values = operand if isinstance(operand, list) else [operand]
    if values and (all(isinstance(value, str) for value in values) or all(map(_is_number, values))):
        return ""
    return "it excludes texts or numbers, and not both at once. Write one of them, or a list of one kind."


def _each(fault_of: Callable[[Any], _Fault]) -> Callable[[Any], _Fault]:
    def faults(operand: Any) -> _Fault:
        values = operand if isinstance(operand, list) else [operand]
        return next(filter(None, map(fault_of, values)), "") if values else "the list is empty. Put a text into it."

    return faults


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_comparable(value: Any) -> bool:
    return _is_number(value) and abs(value) <= _LARGEST_NUMBER


_COMPARISONS: Mapping[str, Callable[[Any], _Fault]] = {
    "anything-but": _anything_but,
    "cidr": _cidr,
    "equals-ignore-case": _text,
    "exists": _exists,
    "numeric": _numeric,
    "prefix": _text_in_any_case,
    "suffix": _text_in_any_case,
    "wildcard": _wildcard,
}
_EXCLUSIONS: Mapping[str, Callable[[Any], _Fault]] = {
    "equals-ignore-case": _each(_text),
    "prefix": _each(_some_text),
    "suffix": _each(_some_text),
    "wildcard": _each(_wildcard),
}

"""A fault of the document that somebody sent; whatever is wrong is told with what would be right."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from geography import REGIONAL_EDGE_CACHES, REGIONS
from sandbox.extensions.call import service_model
from sandbox.faults.kinds import KINDS, Fault, members

_LONGEST_SECONDS = 900  # a function's longest timeout ("Lambda quotas")


class UnknownFaultError(Exception):
    """There is no such fault; the text says what there is."""


@dataclass(frozen=True)
class _Rule:
    """What a member must be, for people and as a check."""

    must_be: str
    holds: Callable[[Any], bool]


def parse(document: Any, cities: Collection[str]) -> Fault:
    """The fault of a document with its `kind` and the members of that kind.

    Args:
        document: what was sent.
        cities: those that have an edge location.

    Raises:
        UnknownFaultError: it stands for no fault.
    """
    if not isinstance(document, dict):
        raise UnknownFaultError(f'Send {{"kind": one of {_listed(KINDS)}}} and the members of that kind.')
    name = document.get("kind")
    kind = known_kind(name)
    given = {key: value for key, value in document.items() if key != "kind"}
    required = {field.name for field in fields(kind) if field.default is MISSING}
    if given.keys() - set(members(kind)) or required - given.keys():
        takes = (f"{member}{'' if member in required else ' (optional)'}" for member in members(kind))
        raise UnknownFaultError(f"{name} takes {_listed(takes)}; given: {_listed(given) or 'nothing'}.")
    rules = _rules(cities)
    for member, value in given.items():
        may_be_none = member not in required and getattr(kind, member) is None
        if not (value is None and may_be_none) and not rules[member].holds(value):
            raise UnknownFaultError(f"{member} is {value!r}; it must be {rules[member].must_be}.")
    fault = kind(**given)
    if given.get("other") is not None and given.get("region") in (None, given["other"]):
        raise UnknownFaultError("other must be another region than region, which must be given with it.")
    return fault


def known_kind(name: Any) -> type[Fault]:
    """The kind of this name.

    Raises:
        UnknownFaultError: there is none.
    """
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise UnknownFaultError(f"There is no fault {name!r}, only {_listed(KINDS)}.")
    return kind


def _rules(cities: Collection[str]) -> Mapping[str, _Rule]:
    region = _one_of("an AWS region", sorted(REGIONS))
    name = _Rule("a name", lambda value: isinstance(value, str) and value != "")
    return {
        "region": region,
        "other": region,
        "executing_region": _one_of("a regional edge cache", list(REGIONAL_EDGE_CACHES)),
        "city": _one_of("a city with an edge location", list(cities)),
        "table": name,
        "function": name,
        "service": _Rule(
            "a service as boto3 names it, such as dynamodb, route53 or secretsmanager",
            lambda value: isinstance(value, str) and service_model(value) is not None,
        ),
        "hanging": _Rule("true or false", lambda value: isinstance(value, bool)),
        "rate": _Rule("a number above 0, up to 1", lambda value: _is_number(value) and 0 < value <= 1),
        "seconds": _Rule(
            f"a number above 0, up to {_LONGEST_SECONDS}",
            lambda value: _is_number(value) and 0 < value <= _LONGEST_SECONDS,
        ),
    }


def _one_of(what: str, known: list[str]) -> _Rule:
    return _Rule(f"{what}: {_listed(known)}", lambda value: isinstance(value, str) and value in known)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _listed(names: Any) -> str:
    return ", ".join(map(str, names))

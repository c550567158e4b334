"""The table that the router goes by, as far as the engine shows it: the regions that it sends requests to.

A Lambda function has it as `routes.json` in its package; a CloudFront Function as `const TABLE = {...};` in its code.
Programs of others may keep theirs elsewhere, or say less in it: what is
not there is None, and where there is no such table at all there is nothing to hold against it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .certificate import normal
from .code import texts
from .kinds import CLOUDFRONT_FUNCTION
from .known import UNKNOWN, NotKnownError
from .router import routed_behaviours
from .routing_code import ROUTES_FILE
from .rule import Subject
from .stack import Resource, Stack, once
from .verdict import Undecided

WHOLE_DIAL = 100

_IN_CODE = re.compile(r"\b(?:const|let|var)\s+TABLE\s*=\s*(?=\{)")


@dataclass(frozen=True)
class Route:
    """A region as the router knows it.

    Attributes:
        key: its name in DNS answers.
        host: where its requests go; None where the table does not say, or says no text.
        region: AWS's name for it; None likewise.
        dial: the percent of its viewers that it takes, as the table has it, a number or not; 100 where it says none.
    """

    key: str
    host: str | None
    region: str | None
    dial: Any


@dataclass(frozen=True)
class Table:
    """What a router was deployed with; members that its table does not have are None.

    Attributes:
        function: the function that has it, Lambda's or CloudFront's.
        distributions: those that carry the function.
        routes: by key; the keys that may take viewers.
        record: the name whose CNAME answer is a key.
        zone: the domain whose zone holds `record`.
        writes: the key that takes all writes.
    """

    function: Resource
    distributions: tuple[Resource, ...]
    routes: Mapping[str, Route]
    record: str | None = None
    zone: str | None = None
    writes: str | None = None

    @property
    def asks_dns(self) -> bool:
        """Whether the router can ask: CloudFront Functions have no network."""
        return self.function.kind != CLOUDFRONT_FUNCTION

    @property
    def aliases(self) -> frozenset[str]:
        """The names that viewers use, as far as they are known, lower-case."""
        told = [each.peek("aliases") for each in self.distributions]
        return frozenset(
            normal(name) for names in told if isinstance(names, list) for name in names if name is not UNKNOWN
        )


@once
def tables(stack: Stack) -> Iterator[Subject[Table] | Undecided]:
    """The tables of the stack's routers, as subjects of rules; undecided where a router's code is not known yet.

    A table that cannot be read is none: `routing-table` is about those.
    """
    yield from (each for each in routed_behaviours(stack) if isinstance(each, Undecided))
    for function, carriers in carried(stack):
        try:
            text = source(function)
        except NotKnownError as error:
            yield Undecided(function, f"{error.place} is not known yet, so the router's table is not.")
            continue
        members = parsed(text) if text else None
        if members is not None:
            yield Subject(function, _table(function, carriers, members))


@once
def carried(stack: Stack) -> list[tuple[Resource, tuple[Resource, ...]]]:
    """The functions of the stack that are known to route, each with the distributions that carry it."""
    found: dict[str, tuple[Resource, dict[str, Resource]]] = {}
    for subject in routed_behaviours(stack):
        if not isinstance(subject, Undecided):
            for function in subject.of.router.functions:
                found.setdefault(function.urn, (function, {}))[1][subject.resource.urn] = subject.resource
    return [(function, tuple(carriers.values())) for function, carriers in found.values()]


def source(function: Resource) -> str | None:
    """The text of the function's table; None where the engine shows none.

    Raises:
        NotKnownError: its code is not known yet.
    """
    files = texts(function)
    if files is UNKNOWN:
        raise NotKnownError("code")
    for name, text in files.items():
        if name == ROUTES_FILE:
            return text
        if found := _IN_CODE.search(text):
            return text[found.end() :]
    return None


def parsed(text: str) -> Mapping[str, Any] | None:
    """The members of a table that has `regions`, which other code may follow; None of a text that is none."""
    try:
        members, _ = json.JSONDecoder().raw_decode(text.lstrip())
    except ValueError:
        return None
    has_regions = isinstance(members, dict) and isinstance(members.get("regions"), dict)
    return members if has_regions else None


def _table(function: Resource, carriers: tuple[Resource, ...], members: Mapping[str, Any]) -> Table:
    return Table(
        function,
        carriers,
        {key: _route(key, told) for key, told in members["regions"].items()},
        record=_text(members.get("record")),
        zone=_text(members.get("zone")),
        writes=_text(members.get("writes")),
    )


def _route(key: str, told: Any) -> Route:
    if not isinstance(told, dict):
        return Route(key, _text(told), None, WHOLE_DIAL)
    return Route(key, _text(told.get("host")), _text(told.get("region")), told.get("dial", WHOLE_DIAL))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None

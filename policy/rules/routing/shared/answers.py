"""The latency records that answer a router: one a region, whose value is the key of the region in the router's table.

A router that is a CloudFront Function asks nobody, and what records there may be do not matter to it.

A stack may have other latency records beside them, such as those of two load balancers; rules about the router's leave
these alone. A record is the router's if it has the name that the router asks, or answers with a key of its table that
no record of that name answers with. Where the table cannot be seen, CNAMEs of one name are the router's if its code has
that name, or if one of them answers with what is no host.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...shared.certificate import normal
from ...shared.code import texts
from ...shared.kinds import DISTRIBUTION, DOMAINS
from ...shared.known import UNKNOWN, NotKnownError
from ...shared.records import is_alias, is_named, latency_records, leads_to, values_of
from ...shared.router import routed_behaviours
from ...shared.rule import Subject, of_each
from ...shared.stack import Resource, Stack, once
from ...shared.table import Route, Table, carried, source, tables
from ...shared.verdict import Undecided
from .hosts import WITH_DOMAINS


@dataclass(frozen=True)
class Answers:
    """The latency records of a router.

    Attributes:
        router: the function that asks; where the stack has not made it, the distribution that carries it.
        records: in the order of the program; where `table` is given, perhaps none.
        table: what the router looks their values up in; None where the engine does not show it.
    """

    router: Resource
    records: tuple[Resource, ...]
    table: Table | None

    @property
    def asked(self) -> str | None:
        """The name that the router asks; None where its table does not say."""
        return self.table.record if self.table else None

    def route_of(self, record: Resource) -> Route | None:
        """What the table has for the key that the record answers with; None where that cannot be seen, or nothing.

        Raises:
            NotKnownError: what the record answers is not known yet.
        """
        key = key_in(record)
        return self.table.routes.get(key) if self.table and key else None


@once
def answers(stack: Stack) -> Iterator[Subject[Answers] | Undecided]:
    """The latency records of each router of the stack, together: a subject of rules about all of them."""
    found = [*tables(stack)]
    seen = [subject.of for subject in found if not isinstance(subject, Undecided)]
    latency = latency_records(stack)
    asking = [table for table in seen if table.asks_dns]
    asked = [table.record for table in asking if table.record]
    for table in asking:
        yield Subject(table.function, Answers(table.function, tuple(_of_table(table, latency, asked)), table))
    shows_any = any(_shows_table(function) for function, _ in carried(stack))
    unseen = [] if shows_any else [*_unseen(stack, latency)]
    yield from unseen
    # Records that answer with keys tell enough of a router whose code is not known yet.
    if not unseen:
        yield from (subject for subject in found if isinstance(subject, Undecided))


def answer_records(stack: Stack) -> Iterator[Subject[tuple[Resource, Answers]] | Undecided]:
    """The same records, each with the router's others: a subject of rules about one of them."""
    return of_each(answers, lambda found: (Subject(record, (record, found)) for record in found.records))(stack)


def key_in(record: Resource) -> str | None:
    """The key that the record answers with; None of a record that is no CNAME with one value, or leads to a host.

    Raises:
        NotKnownError: what it answers is not known yet.
    """
    if record.read("type") != "CNAME" or is_alias(record) or hosts_behind(record):
        return None
    values = values_of(record)
    return normal(values[0]) if len(values) == 1 else None


def hosts_behind(record: Resource) -> list[Resource]:
    """Whose host the record answers with, where that is not known yet: no key is an output of AWS, but a host is."""
    values = record.peek("records")
    is_known = isinstance(values, list) and UNKNOWN not in values
    return [] if is_known else leads_to(record, *DOMAINS, *WITH_DOMAINS, DISTRIBUTION)


def is_address(value: str, table: Table | None) -> bool:
    """Whether the answer can only be meant as a URL or a host: keys have neither dots nor slashes nor colons."""
    is_key = table is not None and normal(value) in table.routes
    return not is_key and any(sign in normal(value) for sign in "./:")


def _of_table(table: Table, latency: Iterable[Resource], asked: Iterable[str]) -> Iterator[Resource]:
    others = []
    keys = set()
    for record in latency:
        name_known = record.peek("name") is not UNKNOWN
        if table.record and name_known and is_named(record, table.record):
            keys.add(_key(record))
            yield record
        elif not (name_known and any(is_named(record, name) for name in asked)):
            others.append(record)
    yield from (record for record in others if (key := _key(record)) in table.routes and key not in keys)


def _unseen(stack: Stack, latency: Iterable[Resource]) -> Iterator[Subject[Answers] | Undecided]:
    """Where no table can be seen."""
    routed = [each.of for each in routed_behaviours(stack) if not isinstance(each, Undecided)]
    if not routed:
        return
    code = "".join(_code(function) for behaviour in routed for function in behaviour.router.functions)
    used = _names_in_use(stack)
    cnames = [record for record in latency if record.peek("type") == "CNAME" and not _is_any(record, used)]
    by_name: dict[object, list[Resource]] = {}
    for record in cnames:
        by_name.setdefault(record.peek("name"), []).append(record)
    mine = [
        record
        for name, records in by_name.items()
        if (isinstance(name, str) and normal(name) in code) or any(_answers_with_no_host(each) for each in records)
        for record in records
    ]
    if mine:
        functions = routed[0].router.functions
        router = functions[0] if functions else routed[0].distribution
        yield Subject(router, Answers(router, tuple(mine), None))


def _names_in_use(stack: Stack) -> set[str]:
    """The origins and aliases of all distributions: what a latency record of that name is for."""
    names: set[str] = set()
    for distribution in stack.of(DISTRIBUTION):
        aliases, origins = distribution.peek("aliases"), distribution.peek("origins")
        hosts = aliases if isinstance(aliases, list) else []
        if isinstance(origins, list):
            hosts = [*hosts, *(origin.get("domainName") for origin in origins if isinstance(origin, dict))]
        names |= {normal(host) for host in hosts if isinstance(host, str)}
    return names


def _is_any(record: Resource, names: Iterable[str]) -> bool:
    return record.peek("name") is not UNKNOWN and any(is_named(record, name) for name in names)


def _shows_table(function: Resource) -> bool:
    try:
        return source(function) is not None
    except NotKnownError:
        return False


def _code(function: Resource) -> str:
    files = texts(function)
    return "" if files is UNKNOWN else "\n".join(files.values()).lower()


def _answers_with_no_host(record: Resource) -> bool:
    key = _key(record)
    return key is not None and ("." not in key or "/" in key or ":" in key)


def _key(record: Resource) -> str | None:
    try:
        return key_in(record)
    except NotKnownError:
        return None

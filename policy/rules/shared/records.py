"""Route 53 records as the rules see them: names, zones, values, and which of them are one latency record set."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .certificate import normal
from .kinds import RECORD, ZONE
from .known import UNKNOWN, NotKnownError, Unknown
from .rule import Subject
from .stack import Resource, Stack
from .verdict import Undecided

LATENCY = "latencyRoutingPolicies"

_OTHER_POLICIES = (
    "weightedRoutingPolicies",
    "failoverRoutingPolicies",
    "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy",
    "cidrRoutingPolicy",
    "multivalueAnswerRoutingPolicy",
)


@dataclass(frozen=True)
class RecordSet:
    """The latency records of one zone, name and type: those that Route 53 chooses among.

    Attributes:
        zone: what tells the zone from others; UNKNOWN where nothing does.
        name: as `name_of`.
        type: as the records have it.
        records: in the order of the program.
    """

    zone: str | Unknown
    name: str
    type: str
    records: tuple[Resource, ...]


def latency_sets(stack: Stack) -> Iterator[Subject[RecordSet] | Undecided]:
    """The latency record sets of the stack, as subjects of rules."""
    sets: dict[tuple[str | Unknown, str, str], list[Resource]] = {}
    for record in latency_records(stack):
        try:
            sets.setdefault((zone_key(record), name_of(record), record.read("type")), []).append(record)
        except NotKnownError as error:
            yield Undecided(record, f"{error.place} is not known yet.")
    for (zone, name, kind), records in sets.items():
        yield Subject(records[0], RecordSet(zone, name, kind, tuple(records)))


def latency_records(stack: Stack) -> list[Resource]:
    """The records with a latency policy, be it known or not."""
    return [record for record in stack.of(RECORD) if is_latency(record)]


def is_latency(record: Resource) -> bool:
    return bool(record.peek(LATENCY))


def policy_of(record: Resource) -> str | None:
    """The property that holds the record's routing policy; None of a simple record."""
    return next((key for key in (LATENCY, *_OTHER_POLICIES) if record.peek(key)), None)


def latency_region(record: Resource) -> str | None:
    """The AWS region that the latency record answers for; None where its policy names none.

    Raises:
        NotKnownError: its policy is not known yet.
    """
    policies = record.each(LATENCY)
    return policies[0].read("region") if policies else None


def name_of(record: Resource) -> str:
    """The record's name, lower-case, without a final dot. The provider takes names that are relative to the zone.

    Raises:
        NotKnownError: it is not known yet.
    """
    name = normal(record.read("name") or "")
    zone = zone_of(record)
    domain = zone.peek("name") if zone else None
    if not isinstance(domain, str):
        return name
    domain = normal(domain)
    return name if name == domain or name.endswith(f".{domain}") else f"{name}.{domain}".lstrip(".")


def is_named(record: Resource, host: str) -> bool:
    """Whether the record has this name, be it relative to a zone that another stack made.

    Raises:
        NotKnownError: its name is not known yet.
    """
    name, host = name_of(record), normal(host)
    domain = host.removeprefix(f"{name}.")
    return name == host or (domain != host and "." in domain)


def named(stack: Stack, host: str, *, wildcards: bool = False) -> list[Resource]:
    """The records of this name, as far as names are known; with `wildcards`, those that answer for it, too."""
    hosts = [host, f"*.{host.partition('.')[2]}"] if wildcards else [host]
    return [
        record
        for record in stack.of(RECORD)
        if record.peek("name") is not UNKNOWN and any(is_named(record, each) for each in hosts)
    ]


def manages(stack: Stack, host: str) -> bool:
    """Whether it is this stack that makes the records next to `host`: it has some, or the zone."""
    domain = normal(host).partition(".")[2]
    zones = [zone.peek("name") for zone in stack.of(ZONE)]
    if any(isinstance(name, str) and f".{normal(host)}".endswith(f".{normal(name)}") for name in zones):
        return True
    known = [name_of(record) for record in stack.of(RECORD) if record.peek("name") is not UNKNOWN]
    return "." in domain and any(f".{name}".endswith(f".{domain}") for name in known)


def values_of(record: Resource) -> list[str]:
    """What the record answers; none where it is an alias.

    Raises:
        NotKnownError: it, or a part of it, is not known yet.
    """
    return [str(value) for value in record.read_list("records")]


def is_alias(record: Resource) -> bool:
    return bool(record.peek("aliases"))


def leads_to(record: Resource, *kinds: str) -> list[Resource]:
    """The resources of these kinds that the record answers with, by reference."""
    return [each for key in ("records", "aliases") for each in record.sources(key, *kinds)]


def zone_of(record: Resource) -> Resource | None:
    """The zone that holds the record, where this stack makes it."""
    found = record.sources("zoneId", ZONE)
    if len(found) == 1:
        return found[0]
    told = record.peek("zoneId")
    return next((zone for zone in found or record.stack.of(ZONE) if told is not UNKNOWN and told == _id(zone)), None)


def zone_key(record: Resource) -> str | Unknown:
    """What tells the record's zone from others; UNKNOWN where nothing does yet."""
    zone = zone_of(record)
    if zone:
        return zone.urn
    told = record.peek("zoneId")
    return told if isinstance(told, str) else UNKNOWN


def _id(zone: Resource) -> Any:
    return zone.output("zoneId")

"""The records by which Route 53 tells the router which region is near."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.verify.finding import Fault
from ops.verify.link import Link, serving
from ops.verify.site import Site, listed, values


@dataclass(frozen=True)
class Expected:
    """What a region's record says: its TTL in seconds, and the health check that it goes by."""

    key: str
    region: str
    ttl: int
    health_check: str


def judge_region(name: str, records: Sequence[Mapping[str, Any]], expected: Expected) -> Iterator[Fault]:
    """`records` are all of the name."""
    own = [each for each in records if each.get("SetIdentifier") == expected.key]
    if not own:
        yield Fault(f"{name} has no record for {expected.key}: it gets no viewers")
    for record in own:
        if values(record) != [expected.key]:
            yield Fault(
                f"the record of {expected.key} says {listed(values(record))}: the router sends its viewers there"
            )
        if record.get("Region") != expected.region:
            yield Fault(
                f"the record of {expected.key} is for {record.get('Region')}, not {expected.region}: others are near it"
            )
        if record.get("TTL") != expected.ttl:
            yield Fault(
                f"the record of {expected.key} has a TTL of {record.get('TTL')} s, not {expected.ttl}: "
                "that is how long viewers still go to a region that is dead"
            )
        if record.get("HealthCheckId") != expected.health_check:
            yield Fault(
                f"the record of {expected.key} goes by the health check {record.get('HealthCheckId') or 'of nobody'}, "
                f"not by {expected.health_check}"
            )


def judge_name(
    name: str, records: Sequence[Mapping[str, Any]], keys: Sequence[str], answered: Sequence[str]
) -> Iterator[Fault]:
    """What the name has beside its regions' records, and what public DNS answers."""
    for record in records:
        identifier = record.get("SetIdentifier")
        if identifier is None:
            yield Fault(
                f"{name} has a simple {record['Type']} record, {listed(values(record))}, beside those of regions",
                "Delete that record: the router would get its answer for everyone.",
            )
        elif identifier not in keys:
            yield Fault(
                f"{name} has a record {identifier}, and no region of that key takes requests",
                "Delete that record, or run antipodes refresh, then antipodes up.",
            )
    if not set(answered) & set(keys):
        yield Fault(
            f"public DNS answers {listed(answered)} for {name}, which is the key of no region that takes requests",
            "See hosted zone, and the records of this name.",
        )


def _name(site: Site) -> Iterator[Fault]:
    name = site.told("latencyRecord")
    return judge_name(name, site.records_at(name), site.serving, site.resolved(name, "CNAME"))


def _region(site: Site, key: str) -> Iterator[Fault]:
    name = site.told("latencyRecord")
    combined = site.told("healthChecks", key, "combined")
    expected = Expected(key, site.region(key), site.told("failover", "ttl"), combined)
    return judge_region(name, site.records_at(name), expected)


LINK = Link(
    "latency records",
    "each serving region has its own, with its health check, and there is no other",
    once=_name,
    in_region=_region,
    regions=serving,
    applies=lambda site: site.outputs.get("router") != "function",
)

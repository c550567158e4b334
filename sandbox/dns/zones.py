"""Hosted zones as Route 53 lists them, made ready for look-ups by name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import dns.name
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
from dns.name import Name
from dns.rdataset import Rdataset
from dns.rdatatype import RdataType

_WILDCARD = Name([b"*"])
_OCTAL = re.compile(r"\\([0-7]{3})")
_UNDERSTOOD = {"Name", "Type", "TTL", "ResourceRecords", "SetIdentifier", "HealthCheckId"}
_POLICIES = {"Region", "Failover"}  # a record set has one of them where there are several of its name and type


class UnsupportedRecordError(Exception):
    """The record set asks for something that these name servers do not do."""


@dataclass(frozen=True)
class Variant:
    """One record set; of several with the same name and type, the one for a region or the first or second choice.

    `failover` is PRIMARY or SECONDARY. A record set without a health check is always healthy.
    """

    data: Rdataset
    identifier: str
    region: str | None = None
    failover: str | None = None
    health_check: str | None = None


@dataclass(frozen=True)
class Zone:
    """What one hosted zone holds."""

    name: Name
    nodes: Mapping[Name, Mapping[RdataType, list[Variant]]]

    def at(self, name: Name) -> Mapping[RdataType, list[Variant]] | None:
        """What the zone holds at `name`, by type, or None where there is no such name.

        A wildcard stands for the names that do not exist below its parent (RFC 4592).
        """
        if name in self.nodes:
            return self.nodes[name]
        encloser = name.parent()
        while encloser not in self.nodes:
            encloser = encloser.parent()
        return self.nodes.get(_WILDCARD + encloser)


@dataclass(frozen=True)
class Zones:
    """All public hosted zones."""

    by_name: Mapping[Name, Zone]

    def holding(self, name: Name) -> Zone | None:
        """The most specific zone that `name` lies in."""
        enclosing = [zone for zone in self.by_name.values() if name.is_subdomain(zone.name)]
        return max(enclosing, key=lambda zone: len(zone.name), default=None)

    @cached_property
    def name_servers(self) -> frozenset[Name]:
        """The names of the servers that the zones say are theirs: Route 53's, which are in nobody's zone."""
        return frozenset(
            record.target
            for zone in self.by_name.values()
            for variant in zone.nodes[zone.name].get(RdataType.NS, ())
            for record in variant.data
        )


def read_zones(route53: Any) -> Zones:
    """All public zones of the account that the client `route53` belongs to.

    Raises:
        UnsupportedRecordError: a record set uses a feature that is not answered here.
    """
    listed = route53.get_paginator("list_hosted_zones").paginate()
    records = route53.get_paginator("list_resource_record_sets")
    zones = [
        build_zone(
            zone["Name"],
            (
                record_set
                for page in records.paginate(HostedZoneId=zone["Id"])
                for record_set in page["ResourceRecordSets"]
            ),
        )
        for page in listed
        for zone in page["HostedZones"]
        if not zone["Config"].get("PrivateZone")
    ]
    return Zones({zone.name: zone for zone in zones})


def build_zone(name: str, record_sets: Iterable[Mapping[str, Any]]) -> Zone:
    """The zone `name` with `record_sets` in the form of Route 53's ListResourceRecordSets."""
    apex = _name(name)
    nodes: dict[Name, dict[RdataType, list[Variant]]] = {apex: defaultdict(list)}
    for record_set in record_sets:
        owner = _name(record_set["Name"])
        variant = _variant(record_set)
        nodes.setdefault(owner, defaultdict(list))[variant.data.rdtype].append(variant)
        while owner != apex:  # a name exists when one below it does, with or without records of its own
            owner = owner.parent()
            nodes.setdefault(owner, defaultdict(list))
    return Zone(apex, nodes)


def _variant(record_set: Mapping[str, Any]) -> Variant:
    policies = record_set.keys() & _POLICIES
    unknown = record_set.keys() - _UNDERSTOOD - _POLICIES
    if unknown or len(policies) > 1 or ("SetIdentifier" in record_set) != bool(policies):
        features = ", ".join(sorted(unknown or policies or {"SetIdentifier without Region or Failover"}))
        raise UnsupportedRecordError(
            f"record {record_set['Name']} {record_set['Type']} uses {features}; the sandbox's name servers answer "
            "simple, latency and failover records only"
        )
    # Values without a trailing dot are fully qualified all the same ("Supported DNS record types").
    data = dns.rdataset.from_text_list(
        dns.rdataclass.IN,
        record_set["Type"],
        int(record_set["TTL"]),
        [record["Value"] for record in record_set["ResourceRecords"]],
        origin=dns.name.root,
        relativize=False,
    )
    return Variant(
        data,
        record_set.get("SetIdentifier", ""),
        region=record_set.get("Region"),
        failover=record_set.get("Failover"),
        health_check=record_set.get("HealthCheckId"),
    )


def _name(text: str) -> Name:
    """Route 53 writes unusual characters in octal ("DNS domain name format"), zone files in decimal (RFC 1035)."""
    return dns.name.from_text(_OCTAL.sub(lambda match: f"\\{int(match[1], 8):03}", text))

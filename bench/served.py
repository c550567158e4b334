"""Which region serves each city, by each way of choosing it; each by the code that does so, as far as there is any."""

from collections.abc import Callable, Mapping, Sequence

import dns.name
from dns.rdatatype import RdataType

from bench import deployment
from components import edge_orders
from components.topology import Topology
from geography import CITIES, City, city_of_region, edge_cache_of, nearest
from geography.distance import closest
from geography.edge_locations import code_of
from geography.good_sets import good_set
from sandbox import edge_addresses
from sandbox.dns.answers import resolve
from sandbox.dns.zones import Zones, build_zone

Served = Mapping[str, str]
"""City -> the AWS region that serves it."""

REGION = "routing: region"
LOCATION = "routing: location"
FALLBACK = "fallback table"
FUNCTION = "CloudFront Function"
DISTANCE = "great circle"
ONE = "one region"
OPTIMUM = "optimum"

_SUBNET = 24  # bits of the edge location's address that the router tells


def policies(regions: Sequence[str]) -> dict[str, Served]:
    """All of them for a stack in `regions`, by name."""
    topology = deployment.stack({region: region for region in regions})
    zones = _zones(topology)
    orders = edge_orders.stored(topology.serving)
    only = good_set(1, regions)[0]
    return {
        REGION: _each(lambda city: _dns(zones, topology, city_of_region(edge_cache_of(city)))),
        LOCATION: _each(lambda city: _dns(zones, topology, _located(city))),
        FALLBACK: _each(lambda city: str(topology.routes["nearest"][edge_cache_of(city)][0])),
        FUNCTION: _each(lambda city: orders[code_of(city)].split()[0]),
        DISTANCE: _each(lambda city: closest(city, regions)),
        ONE: _each(lambda _: only),
        OPTIMUM: _each(lambda city: nearest(city, regions)),
    }


def _each(choose: Callable[[City], str]) -> Served:
    return {name: choose(city) for name, city in CITIES.items()}


def _zones(topology: Topology) -> Zones:
    """A hosted zone with the stack's latency records."""
    soa = {
        "Name": topology.domain,
        "Type": "SOA",
        "TTL": 900,
        "ResourceRecords": [{"Value": "ns.example.com. hostmaster.example.com. 1 7200 900 1209600 86400"}],
    }
    records = [
        {
            "Name": topology.latency_record,
            "Type": "CNAME",
            "TTL": 60,
            "Region": region.name,
            "SetIdentifier": region.key,
            "ResourceRecords": [{"Value": region.key}],
        }
        for region in topology.regions
    ]
    zone = build_zone(topology.domain, [soa, *records])
    return Zones({zone.name: zone})


def _dns(zones: Zones, topology: Topology, place: City) -> str:
    """What the sandbox's name servers answer to one who asks from, or for, `place` while every region is healthy."""
    answer = resolve(zones, dns.name.from_text(topology.latency_record), RdataType.CNAME, place, lambda _: True)
    return str(answer.answer[0][0].target.to_text(omit_final_dot=True))


def _located(city: City) -> City:
    """Where the name servers take a query to come from that carries the subnet of the city's edge location."""
    name = edge_addresses.city_at(f"{edge_addresses.address_of(city.name)}/{_SUBNET}")
    return CITIES[name or ""]

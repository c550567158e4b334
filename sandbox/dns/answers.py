"""What Route 53 and a recursive resolver together answer to a question that comes from a given place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import dns.name
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataset import Rdataset
from dns.rdatatype import RdataType
from dns.rrset import RRset

from geography import City
from sandbox.dns.zones import Variant, Zone, Zones
from sandbox.ports import LOOPBACK

_MAX_CHAIN = 16
_AWS_DOMAINS = tuple(map(dns.name.from_text, ("amazonaws.com", "cloudfront.net", "on.aws")))
_AWS_ADDRESS = dns.rdataset.from_text("IN", "A", 60, LOOPBACK)
_ROOT_SOA = dns.rrset.from_text(
    ".", 86400, "IN", "SOA", "a.root-servers.net. nstld.verisign-grs.com. 1 1800 900 604800 86400"
)

IsHealthy = Callable[[str], bool]


@dataclass(frozen=True)
class Answer:
    """The parts of a response that depend on the question."""

    code: Rcode
    answer: Sequence[RRset] = ()
    authority: Sequence[RRset] = ()


def resolve(zones: Zones, name: Name, kind: RdataType, place: City, is_healthy: IsHealthy) -> Answer:
    """The answer for `name` and `kind` to one who asks from `place`, CNAME chains followed to their end.

    `is_healthy` says of the id of a health check whether what it checks may be answered.
    """
    chain: list[RRset] = []
    while len(chain) < _MAX_CHAIN:
        zone = zones.holding(name)
        if zone is None:
            return _outside(zones, name, kind, chain)
        held = zone.at(name)
        if held is None:
            return Answer(Rcode.NXDOMAIN, chain, [_negative(zone)])
        if variants := held.get(kind):
            return Answer(Rcode.NOERROR, [*chain, _rrset(name, _choose(variants, place, is_healthy))])
        if not (variants := held.get(RdataType.CNAME)):
            return Answer(Rcode.NOERROR, chain, [_negative(zone)])
        alias = _choose(variants, place, is_healthy)
        chain.append(_rrset(name, alias))
        name = alias[0].target
    return Answer(Rcode.SERVFAIL)


def _choose(variants: list[Variant], place: City, is_healthy: IsHealthy) -> Rdataset:
    """The simple record, the latency record whose region is nearest, or the first choice of failover records.

    Of records that are healthy; of all where none is ("How Amazon Route 53 chooses records when health checking is
    configured"). By set identifier among equals.
    """
    healthy = [each for each in variants if each.health_check is None or is_healthy(each.health_check)]
    rtt = place.rtt
    return min(
        healthy or variants,
        key=lambda variant: (
            variant.failover == "SECONDARY",
            rtt[variant.region] if variant.region else 0.0,
            variant.identifier,
        ),
    ).data


def _outside(zones: Zones, name: Name, kind: RdataType, chain: list[RRset]) -> Answer:
    """AWS's own hosts, the zones' name servers among them, are all on this machine; nothing else exists."""
    if any(name.is_subdomain(domain) for domain in _AWS_DOMAINS) or name in zones.name_servers:
        if kind == RdataType.A:
            return Answer(Rcode.NOERROR, [*chain, _rrset(name, _AWS_ADDRESS)])
        return Answer(Rcode.NOERROR, chain, [_ROOT_SOA])
    return Answer(Rcode.NXDOMAIN, chain, [_ROOT_SOA])


def _negative(zone: Zone) -> RRset:
    """The zone's SOA with the time for which "no such record" may be kept (RFC 2308, section 3)."""
    held = zone.nodes[zone.name][RdataType.SOA][0].data
    soa = _rrset(zone.name, held)
    soa.ttl = min(held.ttl, held[0].minimum)
    return soa


def _rrset(name: Name, data: Rdataset) -> RRset:
    return dns.rrset.from_rdata_list(name, data.ttl, list(data))

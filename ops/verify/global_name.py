"""The one name that clients use, and the zone that it is in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ops.verify.finding import MEND, Fault
from ops.verify.link import Link
from ops.verify.site import Site, listed, values


def judge_name(
    host: str, distribution: str, records: Sequence[Mapping[str, Any]], answered: Sequence[str]
) -> Iterator[Fault]:
    """`records` are the zone's of this name; `answered` is public DNS's CNAME answer, empty where it had none.

    An alias record leaves no CNAME to see in an answer.
    """
    leading = [record for record in records if record["Type"] in ("CNAME", "A", "AAAA")]
    if not leading:
        yield Fault(f"the zone has no record {host}", MEND)
    for record in leading:
        if values(record) != [distribution.lower()]:
            yield Fault(f"{record['Type']} {host} leads to {listed(values(record))}, not to {distribution}", MEND)
            return
    if any(record["Type"] == "CNAME" for record in leading) and list(answered) != [distribution.lower()]:
        yield Fault(
            f"public DNS answers {listed(answered)} for {host}, and the zone says {distribution}",
            "Resolvers keep an old answer for its TTL, 5 minutes. If it stays so, see hosted zone.",
        )


def judge_zone(domain: str, name_servers: Sequence[str], answered: Sequence[str]) -> Iterator[Fault]:
    """Whether the parent zone delegates to the zone's own name servers."""
    expected = sorted(name.rstrip(".").lower() for name in name_servers)
    if sorted(answered) != expected:
        yield Fault(
            f"public DNS says that {domain} is served by {listed(answered)}; the zone's servers are {listed(expected)}",
            f"Where {domain} is registered, or in the zone above it, set its NS records to {listed(expected)}.",
        )


def _name(site: Site) -> Iterator[Fault]:
    distribution = site.distribution()["DomainName"]
    return judge_name(site.host, distribution, site.records_at(site.host), site.resolved(site.host, "CNAME"))


def _zone(site: Site) -> Iterator[Fault]:
    zone = site.client("route53").get_hosted_zone(Id=site.told("zoneId"))
    # Of the zone and not of the stack's domain, which may lie below it.
    name = str(zone["HostedZone"]["Name"]).rstrip(".")
    return judge_zone(name, zone["DelegationSet"]["NameServers"], site.resolved(name, "NS"))


ZONE = Link("hosted zone", "the world asks the zone's own name servers", once=_zone)
NAME = Link("global name", "leads to the distribution", once=_name, after=("hosted zone",))

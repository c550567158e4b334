"""A region's own name: what the router sends requests to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ops.verify.certificate import covers
from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.site import GLOBAL_REGION, Site, listed, values

_NO_ASSOCIATION = "NotFoundException"


@dataclass(frozen=True)
class RegionalHost:
    """AppSync's domain name, the id of the API that it leads to, and who knows of it.

    Attributes:
        records: the zone's of this name.
        answered: public DNS's CNAME answer.
        names: what its certificate names.
    """

    domain: Mapping[str, Any]
    association: Mapping[str, Any]
    names: Sequence[str]
    records: Sequence[Mapping[str, Any]]
    answered: Sequence[str]


def judge(host: str, api: str, read: RegionalHost) -> Iterator[Fault]:
    """`api` is the id of the region's API."""
    target = str(read.domain["appsyncDomainName"]).lower()
    if not read.records:
        yield Fault(f"the zone has no record {host}")
    elif found := [value for record in read.records for value in values(record) if value != target]:
        yield Fault(f"{host} leads to {listed(found)}, not to its AppSync domain {target}")
    elif list(read.answered) != [target]:
        yield Fault(
            f"public DNS answers {listed(read.answered)} for {host}, and the zone says {target}",
            "Resolvers keep an old answer for its TTL, 5 minutes. If it stays so, see hosted zone.",
        )
    if (leads := read.association.get("apiId")) != api:
        yield Fault(f"AppSync's domain name {host} leads to the API {leads or 'of nobody'}, not to {api}")
    elif (status := read.association.get("associationStatus", "SUCCESS")) != "SUCCESS":
        yield Fault(f"the association of {host} with {api} is {status}: {read.association.get('deploymentDetail', '')}")
    arn = str(read.domain["certificateArn"])
    if (region := arn.split(":")[3]) != GLOBAL_REGION:
        yield Fault(f"the certificate of {host} lies in {region}; AppSync takes those of {GLOBAL_REGION} alone")
    if not any(covers(name, host) for name in read.names):
        yield Fault(f"the certificate of {host} names {listed(read.names)}: nobody who asks for {host} believes it")


def _check(site: Site, key: str) -> Iterator[Fault]:
    host, appsync = site.told("hosts", key), site.client("appsync", site.region(key))
    domain = appsync.get_domain_name(domainName=host)["domainNameConfig"]
    try:
        association = appsync.get_api_association(domainName=host)["apiAssociation"]
    except ClientError as error:
        if error.response["Error"]["Code"] != _NO_ASSOCIATION:
            raise
        association = {}
    names = site.certificate(domain["certificateArn"])["SubjectAlternativeNames"]
    read = RegionalHost(domain, association, names, site.records_at(host), site.resolved(host, "CNAME"))
    return judge(host, site.told("apis", key, "id"), read)


LINK = Link(
    "regional host",
    "each region's name leads to its own API, with a certificate for it",
    in_region=_check,
    after=("hosted zone",),
)

"""The certificate that CloudFront and AppSync present for the stack's names."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.site import GLOBAL_REGION, Site, listed

# ACM begins to renew 60 days before the end ("Managed certificate renewal" in the AWS Certificate Manager User Guide).
_RENEWED_BEFORE = timedelta(days=30)


def covers(pattern: str, host: str) -> bool:
    """Whether a certificate's name covers a host: a wildcard stands for exactly one label (RFC 6125)."""
    pattern, host = pattern.lower(), host.lower()
    return host.partition(".")[2] == pattern[2:] if pattern.startswith("*.") else host == pattern


def judge(arn: str, certificate: Mapping[str, Any], hosts: Sequence[str], now: datetime) -> Iterator[Fault]:
    """`hosts` are the names that it is presented for."""
    if (region := arn.split(":")[3]) != GLOBAL_REGION:
        yield Fault(f"{arn} lies in {region}; CloudFront and AppSync take certificates from {GLOBAL_REGION} alone")
    if (status := certificate["Status"]) != "ISSUED":
        yield Fault(
            f"{arn} is {status}",
            "See its validation record in the hosted zone: ACM issues and renews by it. Then run antipodes up.",
        )
    names = certificate.get("SubjectAlternativeNames") or [certificate["DomainName"]]
    if bare := [host for host in hosts if not any(covers(name, host) for name in names)]:
        yield Fault(f"{arn} does not cover {listed(bare)}; it names {listed(names)}")
    ends = certificate.get("NotAfter")
    if ends and ends - now < _RENEWED_BEFORE:
        yield Fault(
            f"{arn} ends on {ends:%Y-%m-%d}, and was not renewed",
            "ACM renews by the validation record: antipodes refresh, then antipodes up puts it back; see the "
            "certificate's renewal status in ACM.",
        )


def _check(site: Site) -> Iterator[Fault]:
    viewer = site.distribution()["DistributionConfig"].get("ViewerCertificate", {})
    if not (arn := viewer.get("ACMCertificateArn")):
        yield Fault("the distribution presents no certificate of the stack's")
        return
    hosts = [site.host, *site.outputs["hosts"].values()]
    yield from judge(arn, site.certificate(arn), hosts, datetime.now(UTC))


LINK = Link("certificate", "issued, in us-east-1, covers every host, and is not about to end", once=_check)

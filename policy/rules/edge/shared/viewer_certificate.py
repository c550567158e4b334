"""The certificate that a distribution shows to viewers, and which of the distribution's names it is good for."""

from collections.abc import Iterable
from typing import Any

from ...shared.certificate import covers, normal
from ...shared.kinds import CERTIFICATE
from ...shared.stack import Resource


def acm_arn(distribution: Resource) -> Any:
    """The ARN of its ACM certificate, UNKNOWN before that exists; None where it has another kind, or none.

    Raises:
        NotKnownError: which kind it has is not known yet.
    """
    viewer = distribution.inner("viewerCertificate")
    return (viewer.peek("acmCertificateArn") or None) if viewer else None


def acm_certificates(distribution: Resource, arn: Any) -> list[Resource]:
    """The certificates of the stack that `arn` may be of."""
    return distribution.sources("viewerCertificate", CERTIFICATE, value=arn)


def aliases_of(distribution: Resource) -> list[str]:
    """The names that viewers use, lower-case.

    Raises:
        NotKnownError: some are not known yet.
    """
    return [normal(alias) for alias in distribution.read_list("aliases")]


def domains_of(aliases: Iterable[str]) -> list[str]:
    """The domains that the aliases lie in."""
    return sorted({_domain(alias) for alias in aliases})


def lacking(names: Iterable[str], domain: str) -> list[str]:
    """Of the domain and its wildcard, what a certificate for `names` is not good for."""
    return [name for name in (domain, f"*.{domain}") if not covers(names, name)]


def _domain(alias: str) -> str:
    parent = alias.partition(".")[2]
    # An alias right under a top-level domain is itself the domain.
    return parent if "." in parent else alias

"""ACM certificates as the rules see them: their names, their region, and what they are good for."""

from collections.abc import Iterable
from typing import Any

from .known import UNKNOWN, NotKnownError
from .stack import Resource


def names_of(certificate: Resource) -> frozenset[str]:
    """The names that the certificate is for, lower-case.

    Raises:
        NotKnownError: an imported certificate states none (AWS reads them from its body), or they are not known yet.
    """
    main = certificate.read("domainName")
    others = certificate.read_list("subjectAlternativeNames")
    if main is None:
        raise NotKnownError("domainName")
    return frozenset(normal(name) for name in [main, *others])


def region_of(certificate: Resource) -> str:
    """The region that the certificate lies in: by its ARN, else its own setting, else its provider's.

    Raises:
        NotKnownError: none of them tells.
    """
    arn = certificate.output("arn")
    region: Any = certificate.region if arn is UNKNOWN else region_in(arn)
    if not isinstance(region, str):
        raise NotKnownError("region")
    return region


def region_in(arn: str) -> str:
    """The region in an ARN: `arn:partition:service:region:account:resource` (AWS, "Amazon Resource Names")."""
    return (arn.split(":") + [""] * 4)[3]


def covers(names: Iterable[str], host: str) -> bool:
    """Whether a certificate for `names` is good for `host`; a `*` stands for one label (RFC 6125)."""
    host = normal(host)
    return host in names or f"*.{host.partition('.')[2]}" in names


def normal(name: str) -> str:
    """A DNS name without its final dot, lower-case."""
    return name.rstrip(".").lower()

"""ACM certificates as the rules see them: which one a distribution refers to, its names, its region."""

from collections.abc import Iterable, Iterator

from pulumi_policy import PolicyResource

from .known import UNKNOWN, Unknown, is_stated, read, read_list

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"


def referred_certificates(
    distribution: PolicyResource, arn: str | Unknown, resources: Iterable[PolicyResource]
) -> list[PolicyResource]:
    """The certificates of the stack that the distribution's viewer certificate may be.

    By its ARN where that is known. Before the certificate exists, by what the property depends on: the certificate
    itself, or a validation of it.
    """
    if arn is not UNKNOWN:
        named = [each for each in resources if each.resource_type == CERTIFICATE and _arn(each) == arn]
        if named:
            return named
    candidates = {each.urn: each for each in _origins(distribution, "viewerCertificate")}
    return [each for each in candidates.values() if _arn(each) is UNKNOWN]


def certificate_names(certificate: PolicyResource) -> frozenset[str] | Unknown:
    """The names that the certificate is for, lower-case."""
    main = read(certificate.props, "domainName")
    others = read_list(certificate.props, "subjectAlternativeNames")
    if others is UNKNOWN and not is_stated(certificate, "subjectAlternativeNames"):
        others = []
    # An imported certificate states no names: AWS reads them from its body.
    if not isinstance(main, str) or others is UNKNOWN or UNKNOWN in others:
        return UNKNOWN
    return frozenset(_normal(name) for name in [main, *others])


def certificate_region(certificate: PolicyResource) -> str | Unknown:
    """The region that the certificate lies in: by its ARN, else its own setting, else its provider's."""
    arn = _arn(certificate)
    if arn is not UNKNOWN:
        return region_of(arn)
    region = read(certificate.props, "region")
    if isinstance(region, str):
        return region
    if is_stated(certificate, "region") or certificate.provider is None:
        return UNKNOWN
    inherited = read(certificate.provider.props, "region")
    return inherited if isinstance(inherited, str) else UNKNOWN


def region_of(arn: str) -> str:
    """The region in an ARN: `arn:partition:service:region:account:resource` (AWS, "Amazon Resource Names")."""
    return (arn.split(":") + [""] * 4)[3]


def covers(names: frozenset[str], host: str) -> bool:
    """Whether a certificate for `names` is good for `host`; a `*` stands for one label (RFC 6125)."""
    host = _normal(host)
    return host in names or f"*.{host.partition('.')[2]}" in names


def _origins(resource: PolicyResource, key: str) -> Iterator[PolicyResource]:
    for source in resource.property_dependencies.get(key, []):
        if source.resource_type == CERTIFICATE:
            yield source
        elif source.resource_type == VALIDATION:
            yield from _origins(source, "certificateArn")


def _arn(certificate: PolicyResource) -> str | Unknown:
    arn = read(certificate.props, "arn")
    return arn if isinstance(arn, str) and arn else UNKNOWN


def _normal(name: str) -> str:
    return name.rstrip(".").lower()

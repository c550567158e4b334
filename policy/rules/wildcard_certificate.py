from collections.abc import Iterator
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from .shared.certificate import certificate_names, certificate_region, covers, referred_certificates, region_of
from .shared.distribution import DISTRIBUTION, carries_router
from .shared.known import UNKNOWN, Unknown, read, read_list
from .shared.verdict import Undecided, Verdict, Violation, deliver

_REGION = "us-east-1"  # the one region whose certificates CloudFront takes
_WRONG_REGION = f"CloudFront takes certificates of {_REGION} alone. Make it there: region={_REGION}."


def _validate(args: StackValidationArgs, report: ReportViolation) -> None:
    deliver(_verdicts(args.resources, args.get_config().get("domain")), report)


def _verdicts(resources: list[PolicyResource], domain: str | None) -> Iterator[Verdict]:
    for resource in resources:
        if resource.resource_type == DISTRIBUTION and (routed := carries_router(resource.props)):
            where = f"Distribution '{resource.name}'"
            if routed is UNKNOWN:
                yield Undecided(f"{where}: whether it carries an origin-request function is not known yet.")
            else:
                yield from _judge(where, resource, resources, [domain] if domain else _domains(resource))


def _judge(
    where: str, distribution: PolicyResource, resources: list[PolicyResource], domains: list[str] | Unknown
) -> Iterator[Verdict]:
    viewer = read(distribution.props, "viewerCertificate")
    if other := _instead_of_acm(viewer):
        fix = f"Set viewerCertificate.acmCertificateArn to an ACM certificate in {_REGION} for {_wanted(domains)}."
        yield Violation(f"{where}: its certificate is {other}. {fix}", distribution.urn)
        return
    arn = UNKNOWN if viewer is UNKNOWN else read(viewer, "acmCertificateArn")
    certificates = referred_certificates(distribution, arn, resources)
    if len(certificates) == 1:
        yield from _judge_region(where, certificates[0])
        yield from _judge_names(where, certificates[0], domains)
    elif arn is UNKNOWN:
        found = ", ".join(each.name for each in certificates) or "none of this stack's"
        yield Undecided(f"{where}: which certificate it will have is not known yet (candidates: {found}).")
    else:
        yield from _judge_foreign(where, distribution, arn)


def _judge_region(where: str, certificate: PolicyResource) -> Iterator[Verdict]:
    region = certificate_region(certificate)
    if region is UNKNOWN:
        yield Undecided(f"{where}: the region of its certificate '{certificate.name}' is not known yet.")
    elif region != _REGION:
        found = f"{where}: its certificate '{certificate.name}' lies in {region}."
        yield Violation(f"{found} {_WRONG_REGION}", certificate.urn)


def _judge_names(where: str, certificate: PolicyResource, domains: list[str] | Unknown) -> Iterator[Verdict]:
    names = certificate_names(certificate)
    if names is UNKNOWN or domains is UNKNOWN:
        what = f"the names of its certificate '{certificate.name}'" if names is UNKNOWN else "its aliases"
        yield Undecided(f"{where}: {what} cannot be known yet.")
        return
    # A distribution without an alias serves no domain: its certificate has to be a whole one for its own.
    for domain in domains or [read(certificate.props, "domainName").removeprefix("*.")]:
        missing = [name for name in (domain, f"*.{domain}") if not covers(names, name)]
        if missing:
            yield Violation(
                f"{where}: its certificate '{certificate.name}' is for {', '.join(sorted(names))}, "
                f"not for {' and '.join(missing)}. Request it for {_wanted([domain])}: "
                f'domain_name="{domain}", subject_alternative_names=["*.{domain}"].',
                certificate.urn,
            )


def _judge_foreign(where: str, distribution: PolicyResource, arn: str) -> Iterator[Verdict]:
    """A certificate that some other stack made: its ARN tells its region, and nothing here tells its names."""
    if region_of(arn) != _REGION:
        yield Violation(f"{where}: its certificate {arn} lies in {region_of(arn)}. {_WRONG_REGION}", distribution.urn)
    yield Undecided(f"{where}: its certificate {arn} is no resource of this stack, so its names cannot be read here.")


def _instead_of_acm(viewer: Any) -> str | None:
    """What the distribution has in place of an ACM certificate."""
    if viewer is UNKNOWN:
        return None
    if not viewer or read(viewer, "cloudfrontDefaultCertificate") is True:
        return "CloudFront's default one, which is for *.cloudfront.net"
    if read(viewer, "acmCertificateArn"):
        return None
    if read(viewer, "iamCertificateId"):
        return "a server certificate of IAM, which nobody renews"
    return "not set"


def _domains(distribution: PolicyResource) -> list[str] | Unknown:
    """The domains that the aliases lie in."""
    aliases = read_list(distribution.props, "aliases")
    if aliases is UNKNOWN or UNKNOWN in aliases:
        return UNKNOWN
    return sorted({_domain(alias.rstrip(".").lower()) for alias in aliases})


def _domain(alias: str) -> str:
    parent = alias.partition(".")[2]
    # An alias right under a top-level domain is itself the domain.
    return parent if "." in parent else alias


def _wanted(domains: list[str] | Unknown) -> str:
    known = [] if domains is UNKNOWN else domains
    return " and ".join(f"{domain} and *.{domain}" for domain in known) or "the domain and its wildcard"


WILDCARD_CERTIFICATE = StackValidationPolicy(
    name="edge-wildcard-certificate",
    display_name="One certificate for the global host and every regional host",
    description=(
        "A CloudFront distribution that carries the router must have a wildcard certificate for its domain: "
        f"an ACM certificate in {_REGION} for the domain and its wildcard."
    ),
    severity=Severity.HIGH,
    enforcement_level=EnforcementLevel.MANDATORY,
    config_schema=PolicyConfigSchema(
        properties={
            "domain": {
                "type": "string",
                "description": (
                    "The domain that the certificate has to be for, where it is not the parent of each alias: "
                    "an apex such as example.co.uk."
                ),
            }
        }
    ),
    remediation_steps=(
        "Request the certificate with domain_name=DOMAIN, subject_alternative_names=['*.DOMAIN'] and "
        f"region='{_REGION}', and give the distribution's viewer_certificate its ARN through a CertificateValidation."
    ),
    url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
    validate=_validate,
)

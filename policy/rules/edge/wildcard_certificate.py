from collections.abc import Iterable, Iterator

from pulumi_policy import Severity

from ..shared.certificate import covers, names_of
from ..shared.kinds import CERTIFICATE, DOMAINS
from ..shared.known import UNKNOWN, NotKnownError, Properties
from ..shared.router import routed_distributions
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.viewer_certificate import acm_arn, acm_certificates, aliases_of, domains_of, lacking


def _judge(distribution: Resource) -> Iterator[Verdict]:
    viewer = distribution.inner("viewerCertificate")
    if other := _instead_of_acm(viewer):
        yield Violation(distribution, f"its certificate is {other}.", f"Give it {_wanted(_domains(distribution))}.")
        return
    arn = acm_arn(distribution)
    certificates = acm_certificates(distribution, arn)
    if len(certificates) == 1:
        yield from _judge_names(distribution, certificates[0])
    elif arn is UNKNOWN:
        found = ", ".join(each.name for each in certificates) or "none of this stack's"
        yield Undecided(distribution, f"which certificate it will have is not known yet (candidates: {found}).")
    else:
        yield Undecided(distribution, "its certificate is no resource of this stack: its names cannot be read.")


def _judge_names(distribution: Resource, certificate: Resource) -> Iterator[Verdict]:
    try:
        names = names_of(certificate)
    except NotKnownError:
        yield Undecided(distribution, f"the names of its certificate '{certificate.name}' cannot be known yet.")
        return
    # A distribution without an alias serves no domain: its certificate has to be a whole one for its own.
    domains = _domains(distribution) or [certificate.read("domainName").removeprefix("*.")]
    missing = {domain: lacking(names, domain) for domain in domains}
    if _hosts_have_their_own(distribution.stack, certificate) and all(
        covers(names, alias) for alias in aliases_of(distribution)
    ):
        return
    # Of several domains one is enough for a wildcard certificate; edge-aliases-covered is about the others.
    if all(missing.values()):
        domain, gap = next(iter(missing.items()))
        yield Violation(
            certificate,
            f"Distribution '{distribution.name}' has this certificate, which is for {', '.join(sorted(names))}, "
            f"not for {' and '.join(gap)}.",
            f'Request it for {domain} and *.{domain}: domain_name="{domain}", '
            f'subject_alternative_names=["*.{domain}"].',
        )


def _hosts_have_their_own(stack: Stack, certificate: Resource) -> bool:
    """Whether the regional hosts need no wildcard of this certificate: each has another one."""
    domains = stack.of(*DOMAINS)
    return bool(domains) and not any(
        certificate in domain.sources(key, CERTIFICATE)
        for domain in domains
        for key in ("certificateArn", "regionalCertificateArn", "domainNameConfiguration")
    )


def _instead_of_acm(viewer: Properties | None) -> str | None:
    """What the distribution has in place of an ACM certificate."""
    if not viewer or not viewer.keys() or viewer.peek("cloudfrontDefaultCertificate") is True:
        return "CloudFront's default one, which is for *.cloudfront.net"
    if viewer.peek("acmCertificateArn"):
        return None
    if viewer.peek("iamCertificateId"):
        return "a server certificate of IAM, which nobody renews"
    return "not set"


def _domains(distribution: Resource) -> list[str]:
    """The domain that the rule was told, else those that the aliases lie in."""
    told = distribution.stack.settings.get("domain")
    if told:
        return [told]
    return domains_of(aliases_of(distribution))


def _wanted(domains: Iterable[str]) -> str:
    names = " and ".join(f"{domain} and *.{domain}" for domain in domains) or "the domain and its wildcard"
    return f"an ACM certificate in us-east-1 for {names}: set viewerCertificate.acmCertificateArn"


RULE = stack_rule(
    About(
        name="edge-wildcard-certificate",
        title="One certificate for the global host and every regional host",
        description=(
            "A CloudFront distribution that carries the router must have a wildcard certificate for its domain: an ACM "
            "certificate for the domain and its wildcard, unless each regional host has a certificate of its own."
        ),
        fix=(
            "Request the certificate with domain_name=DOMAIN, subject_alternative_names=['*.DOMAIN'] and "
            "region='us-east-1', and give the distribution's viewer_certificate its ARN through a "
            "CertificateValidation."
        ),
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
        severity=Severity.HIGH,
        settings={
            "domain": {
                "type": "string",
                "description": (
                    "The domain that the certificate has to be for, where it is not the parent of each alias: "
                    "an apex such as example.co.uk."
                ),
            }
        },
    ),
    routed_distributions,
    _judge,
)

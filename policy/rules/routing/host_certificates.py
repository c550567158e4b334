from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import covers, names_of, normal, region_of
from ..shared.kinds import APPSYNC_DOMAIN, CERTIFICATE, HTTP_DOMAIN
from ..shared.known import UNKNOWN, NotKnownError
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.table import Route, Table
from ..shared.verdict import Verdict, Violation
from .shared.hosts import domains, is_ambiguous, routes

_GLOBAL = "us-east-1"


def _judge(subject: tuple[Table, Route]) -> Iterator[Verdict]:
    table, route = subject
    if route.host is None or is_ambiguous(table, route):
        return
    for domain in domains(table.function.stack, route.host):
        place, key, wanted = _where(domain)
        arn = domain.peek(key) if place == key else _nested(domain, place, key)
        found = domain.sources(place, CERTIFICATE, value=arn)
        if len(found) == 1:
            yield from _judge_certificate(domain, found[0], wanted, table)


def _judge_certificate(domain: Resource, certificate: Resource, wanted: object, table: Table) -> Iterator[Verdict]:
    host = domain.read("domainName")
    names = names_of(certificate)
    if not covers(names, host):
        if _is_for_the_edge_to_say(certificate, names, table):
            return
        yield Violation(
            domain,
            f"its certificate '{certificate.name}' is for {', '.join(sorted(names))}, not for {host}: CloudFront finds "
            "the host's certificate to be another's and answers 502.",
            f"Request the certificate for {host}, or for a wildcard that covers it.",
        )
    if _carried_by(certificate, table):
        return
    region = region_of(certificate)
    if wanted is UNKNOWN:
        raise NotKnownError("region")
    if wanted not in (None, region):
        yield Violation(
            domain,
            f"its certificate '{certificate.name}' lies in {region}, and AWS takes one of {wanted} here.",
            f'Request the certificate with region="{wanted}".',
        )


def _where(domain: Resource) -> tuple[str, str, object]:
    """The property that has the certificate, the one inside it, and the region that the certificate has to lie in."""
    if domain.kind == APPSYNC_DOMAIN:
        return "certificateArn", "certificateArn", _GLOBAL
    if domain.kind == HTTP_DOMAIN:
        return "domainNameConfiguration", "certificateArn", domain.region
    if domain.peek("regionalCertificateArn"):
        return "regionalCertificateArn", "regionalCertificateArn", domain.region
    return "certificateArn", "certificateArn", _GLOBAL


def _nested(domain: Resource, place: str, key: str) -> object:
    inner = domain.inner(place)
    return inner.peek(key) if inner else None


def _carried_by(certificate: Resource, table: Table) -> bool:
    """Whether it is the distribution's certificate as well: the edge's rules have its region."""
    return any(certificate in each.sources("viewerCertificate", CERTIFICATE) for each in table.distributions)


def _is_for_the_edge_to_say(certificate: Resource, names: frozenset[str], table: Table) -> bool:
    """Whether it is the distribution's, too, and lacks the wildcard that edge-wildcard-certificate wants."""
    wildcards = {f"*.{alias.partition('.')[2]}" for alias in table.aliases}
    return _carried_by(certificate, table) and names.isdisjoint(map(normal, wildcards))


RULE = stack_rule(
    About(
        name="routing-host-certificates",
        title="Each host of the router's table has a certificate of its name",
        description=(
            "The certificate of each regional host must be for that host, and lie in us-east-1 for AppSync, in the "
            "host's own region for API Gateway."
        ),
        fix="Request a certificate that covers the host, in the region that the service takes it from.",
        url="https://docs.aws.amazon.com/appsync/latest/devguide/custom-domain-name.html",
        severity=Severity.CRITICAL,
    ),
    routes,
    _judge,
)

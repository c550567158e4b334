from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import covers, names_of
from ..shared.known import NotKnownError
from ..shared.router import routed_distributions
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.viewer_certificate import acm_arn, acm_certificates, aliases_of, domains_of, lacking


def _judge(distribution: Resource) -> Iterator[Verdict]:
    arn = acm_arn(distribution)
    certificates = acm_certificates(distribution, arn) if arn is not None else []
    # edge-wildcard-certificate says so where it is another kind of certificate, or not known which one.
    if len(certificates) != 1:
        return
    try:
        names = names_of(certificates[0])
    except NotKnownError:
        return
    aliases = aliases_of(distribution)
    bare = [alias for alias in aliases if not covers(names, alias)]
    # Where no domain has the whole certificate it is edge-wildcard-certificate's to say which names are missing.
    if bare and not all(lacking(names, domain) for domain in domains_of(aliases)):
        yield Violation(
            distribution,
            f"its certificate '{certificates[0].name}' is for {', '.join(sorted(names))}, not for "
            f"{' and '.join(bare)}, and CloudFront refuses an alias that its certificate is not for.",
            f"Add {', '.join(bare)} to the certificate's subject_alternative_names, or take the alias away.",
            "aliases",
        )


RULE = stack_rule(
    About(
        name="edge-aliases-covered",
        title="The certificate is good for every alias",
        description="Each alias of a distribution that carries the router must be covered by its certificate.",
        fix="Name each alias, or its wildcard, in the certificate's subject_alternative_names.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html",
        severity=Severity.HIGH,
    ),
    routed_distributions,
    _judge,
)

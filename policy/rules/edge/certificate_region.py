from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import region_in, region_of
from ..shared.kinds import DISTRIBUTION
from ..shared.known import UNKNOWN
from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.viewer_certificate import acm_arn, acm_certificates

_REGION = "us-east-1"
_FIX = f'Request the certificate with region="{_REGION}".'


def _judge(distribution: Resource) -> Iterator[Verdict]:
    arn = acm_arn(distribution)
    if arn is None:
        return
    if arn is not UNKNOWN:
        if (region := region_in(arn)) != _REGION:
            yield Violation(
                distribution, f"its certificate lies in {region or 'no region'}.", _FIX, "viewerCertificate"
            )
        return
    certificates = acm_certificates(distribution, arn)
    if not certificates:
        yield Undecided(distribution, "where its certificate lies is not known yet.", "viewerCertificate")
    for certificate in certificates:
        if (region := region_of(certificate)) != _REGION:
            found = f"Distribution '{distribution.name}' has this certificate, and it lies in {region}."
            yield Violation(certificate, found, _FIX)


RULE = stack_rule(
    About(
        name="edge-certificate-region",
        title="CloudFront's certificate lies in us-east-1",
        description="The ACM certificate of a CloudFront distribution must lie in us-east-1.",
        fix="Request the certificate, and its CertificateValidation, with region='us-east-1'.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
        severity=Severity.HIGH,
    ),
    lambda stack: each(*stack.of(DISTRIBUTION)),
    _judge,
)

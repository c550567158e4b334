import re
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.router import routed_distributions
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.viewer_certificate import acm_arn

_MINIMUM = "TLSv1.2_2018"
_AWS_DEFAULT = "TLSv1"
_VERSION = re.compile(r"TLSv(\d)(?:\.(\d))?(?:_(\d{4}))?")


def _judge(distribution: Resource) -> Iterator[Verdict]:
    viewer = distribution.inner("viewerCertificate")
    # Without an ACM certificate it is edge-wildcard-certificate that asks for one, and these settings come with it.
    if viewer is None or acm_arn(distribution) is None:
        return
    wanted = distribution.stack.settings.get("minimum", _MINIMUM)
    version = viewer.read("minimumProtocolVersion") or _AWS_DEFAULT
    if _order(version) < _order(wanted):
        yield Violation(
            distribution,
            f"minimumProtocolVersion is {version}: viewers may use less than {wanted}.",
            'Set minimumProtocolVersion to "TLSv1.2_2021".',
            "viewerCertificate",
        )
    support = viewer.read("sslSupportMethod")
    if support != "sni-only":
        yield Violation(
            distribution,
            f"sslSupportMethod is {support or 'not set'}: the minimum TLS version holds with sni-only, and other "
            "methods pay for IP addresses of one's own.",
            'Set sslSupportMethod to "sni-only".',
            "viewerCertificate",
        )


def _order(version: str) -> tuple[int, ...]:
    """Makes TLSv1 < TLSv1_2016 < TLSv1.1_2016 < TLSv1.2_2018; SSLv3 comes before all."""
    found = _VERSION.fullmatch(version)
    return tuple(int(part or 0) for part in found.groups()) if found else ()


RULE = stack_rule(
    About(
        name="edge-minimum-tls",
        title="Viewers use TLS 1.2 or later",
        description="A distribution that carries the router must ask viewers for TLS 1.2 or later, by SNI.",
        fix="Set minimum_protocol_version='TLSv1.2_2021' and ssl_support_method='sni-only' in viewer_certificate.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
        severity=Severity.MEDIUM,
        settings={
            "minimum": {
                "type": "string",
                "pattern": r"^TLSv1\.[23]_\d{4}$",
                "description": f"The oldest of CloudFront's security policies that will do; {_MINIMUM} where not set.",
            }
        },
    ),
    routed_distributions,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.known import UNKNOWN
from ..shared.origin import is_bucket
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.routed_origin import RoutedOrigin, routed_origins

_OLD = ("SSLv3", "TLSv1", "TLSv1.1")


def _judge(origin: RoutedOrigin) -> Iterator[Verdict]:
    config = origin.props.inner("customOriginConfig")
    if config is None or is_bucket(origin.props):
        return
    protocol = config.read("originProtocolPolicy")
    # With match-viewer it is the behaviour that decides, which is what edge-viewer-https looks at.
    if protocol not in ("https-only", "match-viewer"):
        yield Violation(
            origin.distribution,
            f"originProtocolPolicy is {protocol or 'not set'}, which holds for the region that the router picks, too: "
            "requests cross the internet unencrypted, or are refused.",
            'Set originProtocolPolicy to "https-only".',
            config.place,
        )
    old = [each for each in config.read("originSslProtocols") or [] if each is not UNKNOWN and each in _OLD]
    if old:
        yield Violation(
            origin.distribution,
            f"originSslProtocols has {', '.join(old)}: CloudFront may speak an outdated protocol with a region.",
            'Set originSslProtocols to ["TLSv1.2"].',
            config.place,
        )


RULE = stack_rule(
    About(
        name="edge-origin-https",
        title="Requests reach the regions over HTTPS",
        description="The origin of a behaviour that carries the router must be asked over HTTPS, with TLS 1.2.",
        fix="Set origin_protocol_policy='https-only' and origin_ssl_protocols=['TLSv1.2'] in custom_origin_config.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html",
        severity=Severity.HIGH,
    ),
    routed_origins,
    _judge,
)

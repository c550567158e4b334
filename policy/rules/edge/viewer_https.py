from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.router import Behaviour, routed_behaviours
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation

_ENCRYPTED = ("https-only", "redirect-to-https")


def _judge(behaviour: Behaviour) -> Iterator[Verdict]:
    found = behaviour.props.read("viewerProtocolPolicy")
    if found not in _ENCRYPTED:
        yield Violation(
            behaviour.distribution,
            f"viewerProtocolPolicy is {found or 'not set'}: viewers may send their tokens unencrypted.",
            'Set viewerProtocolPolicy to "https-only".',
            behaviour.props.place,
        )


RULE = stack_rule(
    About(
        name="edge-viewer-https",
        title="Viewers are served over HTTPS alone",
        description="Every CloudFront behaviour that carries the router must take HTTPS only, or redirect to it.",
        fix="Set viewer_protocol_policy='https-only' on the behaviour; 'redirect-to-https' will do.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html",
        severity=Severity.HIGH,
    ),
    routed_behaviours,
    _judge,
)

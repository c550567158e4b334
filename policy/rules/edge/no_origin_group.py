from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.origin import group_of
from ..shared.router import Behaviour, routed_behaviours
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation


def _judge(behaviour: Behaviour) -> Iterator[Verdict]:
    if group_of(behaviour.distribution, behaviour.props):
        yield Violation(
            behaviour.distribution,
            "targetOriginId names an origin group, which takes GET, HEAD and OPTIONS only: CloudFront refuses it on a "
            "behaviour that allows POST, and the router fails over by itself.",
            "Name an origin in targetOriginId.",
            behaviour.props.place,
        )


RULE = stack_rule(
    About(
        name="edge-no-origin-group",
        title="Routed requests have one origin",
        description="A behaviour that carries the router must not have an origin group, which takes no POST.",
        fix="Set target_origin_id to the origin_id of an origin; failover is the router's, by health checks.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html",
        severity=Severity.HIGH,
    ),
    routed_behaviours,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.routed_origin import RoutedOrigin, routed_origins


def _judge(origin: RoutedOrigin) -> Iterator[Verdict]:
    shield = origin.props.inner("originShield")
    if shield and shield.read("enabled") is True:
        region = shield.peek("originShieldRegion")
        place = region if isinstance(region, str) else "its region"
        yield Violation(
            origin.distribution,
            f"Origin Shield is on, so every request goes through {place} first: the router runs there and finds the "
            "same region near for every viewer.",
            "Remove originShield.",
            origin.props.place,
        )


RULE = stack_rule(
    About(
        name="edge-no-origin-shield",
        title="The router runs near the viewer",
        description="The origin of a behaviour that carries the router must not have Origin Shield.",
        fix="Remove origin_shield from the origin, or set enabled=False in it.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-shield.html",
        severity=Severity.HIGH,
    ),
    routed_origins,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.router import Behaviour, routed_behaviours
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation

_ALL = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def _judge(behaviour: Behaviour) -> Iterator[Verdict]:
    allowed = behaviour.props.read_list("allowedMethods")
    missing = [method for method in _ALL if method not in allowed]
    if missing:
        yield Violation(
            behaviour.distribution,
            f"allowedMethods lacks {', '.join(missing)}: CloudFront answers these with 403 and asks no region.",
            f"Set allowedMethods to {', '.join(_ALL)}.",
            behaviour.props.place,
        )


RULE = stack_rule(
    About(
        name="edge-all-methods",
        title="The API gets requests of every method",
        description="Every CloudFront behaviour that carries the router must allow all seven HTTP methods.",
        fix=f"Set allowed_methods={list(_ALL)} on the behaviour.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html",
        severity=Severity.CRITICAL,
    ),
    routed_behaviours,
    _judge,
)

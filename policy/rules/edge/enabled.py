from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.router import routed_distributions
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(distribution: Resource) -> Iterator[Verdict]:
    if distribution.read("enabled") is not True:
        yield Violation(distribution, "enabled is false, so it answers nobody in any region.", "Set enabled to true.")


RULE = stack_rule(
    About(
        name="edge-enabled",
        title="The global endpoint is on",
        description="A distribution that carries the router must be enabled.",
        fix="Set enabled=True on the distribution.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesGeneral.html",
        severity=Severity.CRITICAL,
    ),
    routed_distributions,
    _judge,
)

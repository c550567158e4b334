from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import RESTRICTIONS
from .shared.settings import EdgeSetting, settings_of

_KIND = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"


def _judge(setting: EdgeSetting) -> Iterator[Verdict]:
    yield Violation(
        setting.resource,
        f"it keeps instances of '{setting.edge.function.name}' ready, which Distribution "
        f"'{setting.edge.distribution}' carries: Lambda@Edge has no provisioned concurrency.",
        "Remove it; reserved_concurrent_executions on the function is allowed.",
    )


RULE = stack_rule(
    About(
        name="lambda-edge-concurrency",
        title="Edge functions have no provisioned concurrency",
        description="A Lambda function that CloudFront runs must have no provisioned concurrency.",
        fix="Remove the ProvisionedConcurrencyConfig of the function.",
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    lambda stack: settings_of(stack, _KIND),
    _judge,
)

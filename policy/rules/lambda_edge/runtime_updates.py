from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import RESTRICTIONS
from .shared.settings import EdgeSetting, settings_of

_KIND = "aws:lambda/runtimeManagementConfig:RuntimeManagementConfig"


def _judge(setting: EdgeSetting) -> Iterator[Verdict]:
    when = setting.resource.read("updateRuntimeOn") or "Auto"
    if when != "Auto":
        yield Violation(
            setting.resource,
            f"it is \"{when}\" for '{setting.edge.function.name}', which Distribution "
            f"'{setting.edge.distribution}' carries: Lambda@Edge knows automatic updates alone.",
            'Remove it, or set update_runtime_on="Auto".',
            "updateRuntimeOn",
        )


RULE = stack_rule(
    About(
        name="lambda-edge-runtime-updates",
        title="The runtimes of edge functions are updated by AWS",
        description="A Lambda function that CloudFront runs must leave updates of its runtime to AWS.",
        fix='Remove the RuntimeManagementConfig of the function, or set update_runtime_on="Auto".',
        url=RESTRICTIONS,
        severity=Severity.MEDIUM,
    ),
    lambda stack: settings_of(stack, _KIND),
    _judge,
)

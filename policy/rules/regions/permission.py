from pulumi_policy import Severity

from ..shared.code import FUNCTION
from ..shared.reference import Reference, judge, uses
from ..shared.regions import API_KINDS
from ..shared.rule import About, stack_rule

_PERMISSION = "aws:lambda/permission:Permission"

RULE = stack_rule(
    About(
        name="regions-permission",
        title="A region's API may call the functions of its own region",
        description="A permission must be for a function and an API of its own region.",
        fix="Make each region's permission from that region's function and API.",
        url="https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
        severity=Severity.HIGH,
    ),
    uses(
        Reference(_PERMISSION, "function", (FUNCTION,), "its function"),
        Reference(_PERMISSION, "sourceArn", API_KINDS, "the API that it is for"),
    ),
    judge,
)

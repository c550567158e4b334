from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import is_active_active
from ..shared.rule import About, Subject, each, stack_rule
from ..shared.stack import Resource, Stack
from .shared.programs import at_the_edge
from .shared.secret_code import judge


def _functions(stack: Stack) -> Iterator[Subject[Resource]]:
    if is_active_active(stack):
        yield from each(*at_the_edge(stack))


RULE = stack_rule(
    About(
        name="api-no-secret-at-edge",
        title="What is deployed to the edge holds no secret",
        description=(
            "The package of a function at the edge, its baked table included, must hold no secret: it is copied to "
            "every edge location, and whoever may read the function may read it."
        ),
        fix="Give the router secrets as custom headers of the distribution's origin, which it gets in each event.",
        url=(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
            "lambda-at-edge-function-restrictions.html"
        ),
        severity=Severity.CRITICAL,
    ),
    _functions,
    judge("Put it into custom_headers of the distribution's origin: the router gets them in each event."),
)

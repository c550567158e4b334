from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import is_active_active
from ..shared.rule import About, Subject, each, stack_rule
from ..shared.stack import Resource, Stack
from .shared.programs import at_the_edge, functions, with_code
from .shared.secret_code import judge


def _in_regions(stack: Stack) -> Iterator[Subject[Resource]]:
    if is_active_active(stack):
        edge = at_the_edge(stack)
        yield from each(*(code for code in [*functions(stack), *with_code(stack)] if code not in edge))


RULE = stack_rule(
    About(
        name="api-no-secret-in-code",
        title="No code holds a secret",
        description="The code of functions and of AppSync's resolvers must hold no secret, as far as it is shown.",
        fix="Keep the value in aws.secretsmanager.Secret, and give the function its name, to read it when it runs.",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
        severity=Severity.CRITICAL,
    ),
    _in_regions,
    judge("Read it from Secrets Manager at run time: give the function the secret's name in its environment."),
)

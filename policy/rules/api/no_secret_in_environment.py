from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import in_the_design
from ..shared.kinds import FUNCTION, REST_STAGE
from ..shared.known import UNKNOWN, Properties
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Undecided, Verdict, Violation, label
from .shared.secrets import Secrets, perhaps_referred_to, referred_to

# The property that a kind has its variables in, or below.
_HOLDERS = {
    FUNCTION: "environment",
    REST_STAGE: "variables",
    "aws:apigatewayv2/stage:Stage": "stageVariables",
}
_FIX = "Give it the secret's name instead, with the permission to read that one secret, and read it at run time."


def _judge(resource: Resource) -> Iterator[Verdict]:
    key = _HOLDERS[resource.kind]
    variables = _variables(resource, key)
    if variables is None:
        return
    secrets, unknown = Secrets(resource.stack), []
    for name in sorted(variables.keys()):
        value = variables.peek(name)
        if variables.is_secret(name):
            yield _violation(resource, "what the program marks as secret", variables, name)
        elif value is UNKNOWN:
            unknown.append(name)
        elif what := secrets.told_by(str(value)):
            yield _violation(resource, what, variables, name)
    if not unknown:
        return
    holders, perhaps = referred_to(resource, key), perhaps_referred_to(resource, key)
    if holders:
        yield _violation(resource, f"the secret of {_named(holders)}", variables, " or ".join(unknown))
    elif perhaps:
        yield Undecided(resource, f"{' or '.join(unknown)} may be the secret of {_named(perhaps)}.", variables.place)


def _variables(resource: Resource, key: str) -> Properties | None:
    held = resource.inner(key)
    return held.inner("variables") if held and resource.kind == FUNCTION else held


def _violation(resource: Resource, what: str, variables: Properties, name: str) -> Violation:
    return Violation(
        resource,
        f"it holds {what}: whoever may read the configuration may read it, and it stays the same in a region whose "
        "secret has been renewed.",
        _FIX,
        f"{variables.place}.{name}",
    )


def _named(holders: list[Resource]) -> str:
    return " or ".join(label(each) for each in holders)


RULE = stack_rule(
    About(
        name="api-no-secret-in-environment",
        title="No environment holds a secret",
        description="The environment of a function and the variables of a stage must hold no secret.",
        fix="Put the secret's name into the environment, and read its value from Secrets Manager at run time.",
        url="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
        severity=Severity.HIGH,
    ),
    in_the_design(*_HOLDERS),
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import is_active_active
from ..shared.kinds import FUNCTION
from ..shared.rule import About, Subject, each, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.credential_comparisons import hard_coded
from .shared.programs import at_the_edge, authorizers, shown, with_code
from .shared.secrets import Secrets


def _who_decide(stack: Stack) -> Iterator[Subject[Resource]]:
    """Authorizers, and what may do their work: functions at the edge, and AppSync's own code."""
    if is_active_active(stack):
        found = [*authorizers(stack), *at_the_edge(stack), *with_code(stack)]
        yield from each(*dict.fromkeys(found))


def _judge(resource: Resource) -> Iterator[Verdict]:
    secrets = Secrets(resource.stack)
    texts = shown(resource)
    if not texts and resource.kind == FUNCTION:
        yield Undecided(resource, "its code lies in files that the engine does not show.", "code")
    for place, text in texts.items():
        compared = hard_coded(text)
        # What is known for a secret, or looks like one, is for the rules about secrets in code.
        if compared and secrets.told_by(compared) is None:
            yield Violation(
                resource,
                "it compares what a caller presents with a text in the code. Whoever reads the code has the token, "
                "and it can be renewed by a deployment alone, one region after another.",
                "Read the token from Secrets Manager, from a secret with a replica in each region, and compare by "
                "hmac.compare_digest.",
                place,
            )


RULE = stack_rule(
    About(
        name="api-hard-coded-token",
        title="No token stands in the code that checks it",
        description=(
            "Code that says who may use the API (authorizers, functions at the edge, AppSync's own) must not compare "
            "a token with a text that it contains."
        ),
        fix="Keep the token in aws.secretsmanager.Secret with replicas, and give the authorizer the secret's name.",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
        severity=Severity.CRITICAL,
    ),
    _who_decide,
    _judge,
)

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_policy import Severity

from ..shared.kinds import FUNCTION, SECRET
from ..shared.known import UNKNOWN, NotKnownError
from ..shared.rule import About, Subject, of_each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.deployment import Deployment, Region, deployments, place_of


@dataclass(frozen=True)
class _Read:
    """A secret, and the functions that read it by the region that they are for."""

    secret: Resource
    readers: dict[Region, Resource]


def _secrets_read(deployment: Deployment) -> Iterator[Subject[_Read]]:
    for secret in deployment.stack.of(SECRET):
        readers = {
            region: function
            for function in deployment.stack.of(FUNCTION)
            if (region := deployment.meant_for(function)) and _reads(function, secret)
        }
        # Where each region has a secret of its own, none needs a copy.
        if readers and deployment.meant_for(secret) is None:
            yield Subject(secret, _Read(secret, readers))


def _reads(function: Resource, secret: Resource) -> bool:
    """Whether the function's environment refers to the secret, or holds its name."""
    if secret in function.sources("environment", SECRET):
        return True
    environment = function.inner("environment") if function.peek("environment") is not UNKNOWN else None
    variables = environment.peek("variables") if environment else None
    name = secret.peek("name")
    return isinstance(variables, dict) and isinstance(name, str) and bool(name) and name in variables.values()


def _judge(read: _Read) -> Iterator[Verdict]:
    secret = read.secret
    replicas = secret.each("replicas")
    places = {place_of(secret), *(replica.read("region") for replica in replicas)}
    if UNKNOWN in places:
        raise NotKnownError("replicas")
    for region, reader in read.readers.items():
        if region.name not in places:
            yield Violation(
                secret,
                f"'{reader.name}' in {region} reads it, and it has no copy there: the function finds no such secret, "
                "or depends on another region with every request.",
                f'Add {{"region": "{region.name}"}} to its replicas.',
                "replicas",
            )


RULE = stack_rule(
    About(
        name="regions-secret",
        title="A secret lies in every region that reads it",
        description="A secret that functions of several regions read must be replicated to each of these regions.",
        fix="List every region of the deployment but the secret's own in the secret's `replicas`.",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html",
        severity=Severity.CRITICAL,
    ),
    of_each(deployments, _secrets_read),
    _judge,
)

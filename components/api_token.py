"""The token that clients present, in every region."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.topology import GLOBAL_REGION, Topology

_LENGTH = 48  # letters and digits: 285 bits
_RECOVERY_DAYS = 30


def grant_read(topology: Topology, region: str, account_id: pulumi.Input[str]) -> iam.Statement:
    """Reading the region's copy, which need not exist yet."""
    # Secrets Manager ends every secret's ARN with six characters of its own choice.
    secret = pulumi.Output.concat(
        f"arn:aws:secretsmanager:{region}:", account_id, f":secret:{topology.token_secret}-??????"
    )
    return iam.allow(["secretsmanager:GetSecretValue"], [secret])


@dataclass(frozen=True, kw_only=True)
class ApiTokenArgs:
    """`after`: what must be up to date before a region's copy of the secret comes or goes."""

    topology: Topology
    after: Sequence[pulumi.Resource]


class ApiToken(pulumi.ComponentResource):
    """A random token in Secrets Manager, with a copy in each region that its authorizer reads.

    Made once: a deployment never changes it. To renew it, put a new value into the secret.
    """

    token: pulumi.Output[str]
    """A Pulumi secret."""

    def __init__(self, name: str, args: ApiTokenArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:ApiToken", name, {}, opts)
        topology = args.topology
        password = aws.secretsmanager.get_random_password_output(
            password_length=_LENGTH,
            exclude_punctuation=True,
            region=GLOBAL_REGION,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        self.secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            name=topology.token_secret,
            description=f"The token of clients of {topology.url}",
            replicas=[{"region": region.name} for region in topology.regions if region.name != GLOBAL_REGION],
            # A deleted secret keeps its name for this long, and a stack that is made anew needs the name.
            recovery_window_in_days=_RECOVERY_DAYS if topology.protected else 0,
            region=GLOBAL_REGION,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        version = aws.secretsmanager.SecretVersion(
            f"{name}-version",
            secret_id=self.secret.id,
            secret_string=pulumi.Output.secret(password.random_password),
            region=GLOBAL_REGION,
            # AWS makes up another password every time it is asked.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["secretString"]),
        )
        self.token = pulumi.Output.secret(version.secret_string.apply(lambda value: value or ""))
        self.register_outputs({"secretName": topology.token_secret, "token": self.token})

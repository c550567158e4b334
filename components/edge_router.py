"""The Lambda@Edge function that picks the region of every request."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.packages import Package
from components.regional_function import ARCHITECTURE, LOG_RETENTION_DAYS, RUNTIME
from components.topology import DOMAIN_TAG, GLOBAL_REGION
from geography import REGIONAL_EDGE_CACHES

_MEMORY = 128  # MB; routing takes microseconds, and memory is what an edge function is billed by
_TIMEOUT = 5  # seconds


@dataclass(frozen=True, kw_only=True)
class EdgeRouterArgs:
    """`package` holds the module `handler` at its root, and the routes of `domain`; `account_id` owns the logs."""

    domain: str
    package: Package
    account_id: pulumi.Input[str]


class EdgeRouter(pulumi.ComponentResource):
    """The published router, and a role that lets it write its own log wherever CloudFront runs it.

    No environment, layer, VPC, dead-letter queue or tracing: "Restrictions on Lambda@Edge" in the CloudFront Developer
    Guide.

    The function outlives the stack: `antipodes sweep` deletes it, by its tag, once AWS lets it.
    """

    function_name: pulumi.Output[str]
    version_arn: pulumi.Output[str]
    """Names one version: CloudFront takes neither $LATEST nor an alias."""

    def __init__(self, name: str, args: EdgeRouterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:EdgeRouter", name, {}, opts)
        child_opts = pulumi.ResourceOptions(parent=self)

        role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=iam.trust("lambda.amazonaws.com", "edgelambda.amazonaws.com"),
            opts=child_opts,
        )
        function = aws.lambda_.Function(
            f"{name}-function",
            role=role.arn,
            runtime=RUNTIME,
            architectures=[ARCHITECTURE],
            handler="handler.handler",
            code=args.package.archive(),
            memory_size=_MEMORY,
            timeout=_TIMEOUT,
            publish=True,
            # Lambda refuses to delete a function of which CloudFront has replicas, and it has them for hours after the
            # distribution is gone: `destroy` would fail here, having tried for ten minutes. So it leaves the function
            # with all its versions, as a replacement does, and goes on. An input, not the option retain_on_delete: the
            # provider then keeps it in the state, where policies and `antipodes preview` see it.
            skip_destroy=True,
            tags={DOMAIN_TAG: args.domain},
            region=GLOBAL_REGION,
            opts=child_opts,
        )
        # Each regional edge cache keeps a log of its own, in its own region. The first invocation there would make it,
        # and AWS would keep what is in it for ever.
        group = pulumi.Output.concat("/aws/lambda/us-east-1.", function.name)
        for region in REGIONAL_EDGE_CACHES:
            aws.cloudwatch.LogGroup(
                f"{name}-log-{region}",
                name=group,
                retention_in_days=LOG_RETENTION_DAYS,
                region=region,
                opts=child_opts,
            )
        log = pulumi.Output.concat("arn:aws:logs:*:", args.account_id, ":log-group:", group, ":*")
        aws.iam.RolePolicy(
            f"{name}-policy",
            role=role.name,
            policy=iam.policy([iam.allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], [log])]),
            opts=child_opts,
        )
        self.function_name = function.name
        self.version_arn = function.qualified_arn
        self.register_outputs({"functionName": self.function_name, "versionArn": self.version_arn})

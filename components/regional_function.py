"""A Lambda function in one of the API's regions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components import arns, iam
from components.packages import Package

RUNTIME = "python3.13"
ARCHITECTURE = "x86_64"
LOG_RETENTION_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class RegionalFunctionArgs:
    """`statements` are what the function may do besides writing its own log; `timeout` is in seconds."""

    region: str
    account_id: pulumi.Input[str]
    package: Package
    handler: str
    timeout: int
    memory_size: int = 512  # MB: CPU comes in proportion, and below this imports make cold starts slow
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    statements: Sequence[iam.Statement] = ()


class RegionalFunction(pulumi.ComponentResource):
    """The function, a role that allows what was asked for and nothing else, and a log that ends with it."""

    arn: pulumi.Output[str]
    function_name: pulumi.Output[str]

    def __init__(self, name: str, args: RegionalFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:RegionalFunction", name, {}, opts)
        child_opts = pulumi.ResourceOptions(parent=self)

        log = aws.cloudwatch.LogGroup(
            f"{name}-log", retention_in_days=LOG_RETENTION_DAYS, region=args.region, opts=child_opts
        )
        role = aws.iam.Role(f"{name}-role", assume_role_policy=iam.trust("lambda.amazonaws.com"), opts=child_opts)
        streams = arns.log_streams(args.region, args.account_id, log.name)
        write_log = iam.allow(["logs:CreateLogStream", "logs:PutLogEvents"], [streams])
        # No resource can be named for these ("Actions, resources, and condition keys for AWS X-Ray" in the Service
        # Authorization Reference).
        trace = iam.allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"])
        policy = aws.iam.RolePolicy(
            f"{name}-policy", role=role.name, policy=iam.policy([write_log, trace, *args.statements]), opts=child_opts
        )
        function = aws.lambda_.Function(
            f"{name}-function",
            role=role.arn,
            runtime=RUNTIME,
            architectures=[ARCHITECTURE],
            handler=args.handler,
            code=args.package.archive(),
            memory_size=args.memory_size,
            timeout=args.timeout,
            environment={"variables": args.environment},
            logging_config={"log_format": "JSON", "log_group": log.name},
            tracing_config={"mode": "Active"},
            region=args.region,
            # Whoever can call the function may count on what it is allowed to do.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.arn, self.function_name = function.arn, function.name
        self.register_outputs({"arn": self.arn, "functionName": self.function_name})

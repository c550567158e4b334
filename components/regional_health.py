"""What tells Route 53, and operators, whether a region works."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import api_token, iam
from components.api_endpoint import ApiEndpoint
from components.api_tables import Table
from components.packages import Package
from components.regional_function import RegionalFunction, RegionalFunctionArgs
from components.tables import table_arn
from components.topology import Topology

_TIMEOUT = 5  # seconds; it answers within two, or not at all


@dataclass(frozen=True, kw_only=True)
class RegionalHealthArgs:
    """`fan_out` is the name of the region's function, None where the API publishes nothing; `version` what runs there.

    Token and tables are known by their names, as in the region's API.
    """

    topology: Topology
    endpoint: ApiEndpoint
    tables: tuple[Table, ...]
    package: Package
    fan_out: pulumi.Input[str] | None
    version: str


class RegionalHealth(pulumi.ComponentResource):
    """A function that looks at all that a request needs in its region, at a URL of its own.

    Anybody may ask it: Route 53's checkers sign nothing. It is not behind the global endpoint, because it has to answer
    for a region that nobody is sent to; and it answers for the drain switches of other regions that lie here.
    """

    url: pulumi.Output[str]
    """With a slash at its end."""
    host: pulumi.Output[str]
    function_name: pulumi.Output[str]

    def __init__(self, name: str, args: RegionalHealthArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:RegionalHealth", name, {}, opts)
        child_opts = pulumi.ResourceOptions(parent=self)
        region = args.endpoint.region.name
        function = RegionalFunction(
            f"{name}-probe",
            RegionalFunctionArgs(
                region=region,
                account_id=args.endpoint.account_id,
                package=args.package,
                handler="health.handler.handler",
                timeout=_TIMEOUT,
                environment=_environment(args),
                statements=_statements(args),
            ),
            child_opts,
        )
        url = aws.lambda_.FunctionUrl(
            f"{name}-url",
            function_name=function.function_name,
            authorization_type="NONE",
            region=region,
            opts=child_opts,
        )
        # Both are needed since October 2025 ("Control access to Lambda function URLs" in the AWS Lambda Developer
        # Guide); the second is of no use but through the URL.
        aws.lambda_.Permission(
            f"{name}-url-permission",
            action="lambda:InvokeFunctionUrl",
            function=function.function_name,
            principal="*",
            function_url_auth_type="NONE",
            region=region,
            opts=child_opts,
        )
        aws.lambda_.Permission(
            f"{name}-function-permission",
            action="lambda:InvokeFunction",
            function=function.function_name,
            principal="*",
            invoked_via_function_url=True,
            region=region,
            opts=child_opts,
        )
        self.url, self.function_name = url.function_url, function.function_name
        self.host = self.url.apply(lambda text: text.removeprefix("https://").removesuffix("/"))
        self.register_outputs({"url": self.url})


def _environment(args: RegionalHealthArgs) -> Mapping[str, pulumi.Input[str]]:
    topology, endpoint = args.topology, args.endpoint
    keys = {topology.table_name(table.name): dict(table.key.attributes) for table in args.tables}
    return {
        "REGION_KEY": endpoint.region.key,
        "DOMAIN": topology.domain,
        "VERSION": args.version,
        "GRAPHQL_URL": endpoint.graphql_url,
        "TOKEN_SECRET": topology.token_secret,
        "CANARY_TABLE": topology.canary_table,
        "TABLES": json.dumps(keys),
        **({"FAN_OUT": args.fan_out} if args.fan_out is not None else {}),
    }


def _statements(args: RegionalHealthArgs) -> list[iam.Statement]:
    """Reading a key of each table, its own item of the canary table, others' drain switches there, and the token."""
    topology, account_id = args.topology, args.endpoint.account_id
    key, region = args.endpoint.region.key, args.endpoint.region.name
    canary = table_arn(region, account_id, topology.canary_table)
    own = iam.leading_keys(f"health/{key}")
    switches = iam.leading_keys("drain/*")
    declared = [table_arn(region, account_id, topology.table_name(table.name)) for table in args.tables]
    return [
        iam.allow(["dynamodb:GetItem", "dynamodb:PutItem"], [canary], own),
        iam.allow(["dynamodb:GetItem"], [canary], switches),
        *([iam.allow(["dynamodb:GetItem"], declared)] if declared else []),
        api_token.grant_read(topology, region, account_id),
        # CloudWatch's readings cannot be allowed for one metric alone ("Actions, resources, and condition keys for
        # Amazon CloudWatch" in the Service Authorization Reference).
        *([iam.allow(["cloudwatch:GetMetricData"], ["*"])] if args.fan_out is not None else []),
    ]

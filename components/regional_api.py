"""The API in one region: complete in itself, and reachable under a name of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

import pulumi
import pulumi_aws as aws

from components import api_subscribers, api_token, arns, iam, tables
from components.api_authorization import MUTATIONS
from components.api_endpoint import ApiEndpoint
from components.api_source import ApiSource
from components.packages import Package
from components.regional_fields import RegionalFields
from components.regional_function import LOG_RETENTION_DAYS, RegionalFunction, RegionalFunctionArgs
from components.topology import Region, Topology

_AUTHORIZER_TIMEOUT = 5  # seconds
_AUTHORIZER_RESULT_TTL = 60  # seconds that AppSync keeps an answer: how long a revoked token still works
_RESOLVER_TIMEOUT = 20  # seconds; AppSync gives a request 30
_QUERY_DEPTH = 20  # the usual introspection query of clients' code generators goes 15 deep
_RESOLVERS_A_REQUEST = 1000
_RECORD_TTL = 300  # seconds
_SAY_WHO_ANSWERED = ("Query", "Mutation")


@dataclass(frozen=True, kw_only=True)
class RegionalPackages:
    """The code that a region runs.

    Attributes:
        invoke: in AppSync's JavaScript, the resolver of what the API resolves of Query and Mutation; "$region" in it
            stands for the region's key.
        publish: the same of publish mutations.
        subscribe: the same of subscriptions.
        move: the same of the mutation that moves their subscribers.
    """

    authorizer: Package
    resolvers: Package
    invoke: Template
    publish: str
    subscribe: str
    move: str


@dataclass(frozen=True, kw_only=True)
class RegionalApiArgs:
    """The token and the tables are known by their names: they may come into being after the region does."""

    topology: Topology
    region: Region
    api: ApiSource
    packages: RegionalPackages
    account_id: pulumi.Input[str]
    zone_id: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]


def deploy(
    topology: Topology,
    api: ApiSource,
    packages: RegionalPackages,
    account_id: pulumi.Input[str],
    zone_id: pulumi.Input[str],
    certificate_arn: pulumi.Input[str],
) -> dict[str, "RegionalApi"]:
    """Makes the API in every region. The result is by the region's key."""
    return {
        region.key: RegionalApi(
            region.key,
            RegionalApiArgs(
                region=region,
                topology=topology,
                api=api,
                packages=packages,
                account_id=account_id,
                zone_id=zone_id,
                certificate_arn=certificate_arn,
            ),
        )
        for region in topology.regions
    }


class RegionalApi(pulumi.ComponentResource):
    """AppSync with its authorizer and its resolvers, all in one region, behind `<key>-appsync.<domain>`.

    viewer's request -> custom domain -> AppSync -> authorizer (token from the region's copy of the secret)
                                                 -> resolvers (one function) -> tables
    fan-out, event bus -> AppSync's own host, signed
    """

    endpoint: ApiEndpoint
    functions: Mapping[str, pulumi.Output[str]]
    """The names of `authorizer` and `resolvers`."""

    def __init__(self, name: str, args: RegionalApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:RegionalApi", name, {}, opts)
        self._name, self._args = name, args
        self._child_opts = pulumi.ResourceOptions(parent=self)

        authorizer = self._authorizer()
        resolvers = self._resolvers()
        api = self._api(authorizer)
        self._fields(api, resolvers)
        self._domain(api)

        self.endpoint = ApiEndpoint(
            region=args.region,
            account_id=args.account_id,
            api_id=api.id,
            api_arn=api.arn,
            graphql_url=api.uris["GRAPHQL"],
        )
        self.functions = {"authorizer": authorizer.function_name, "resolvers": resolvers.function_name}
        self.register_outputs({"apiId": api.id, "host": args.region.host})

    def _authorizer(self) -> RegionalFunction:
        args = self._args
        return RegionalFunction(
            f"{self._name}-authorizer",
            RegionalFunctionArgs(
                region=args.region.name,
                account_id=args.account_id,
                package=args.packages.authorizer,
                handler="authorizer.handler.handler",
                timeout=_AUTHORIZER_TIMEOUT,
                environment={"TOKEN_SECRET": args.topology.token_secret},
                statements=[api_token.grant_read(args.topology, args.region.name, args.account_id)],
            ),
            self._child_opts,
        )

    def _resolvers(self) -> RegionalFunction:
        args, region = self._args, self._args.region.name
        names = {table.variable: args.topology.table_name(table.name) for table in args.api.tables}
        return RegionalFunction(
            f"{self._name}-resolvers",
            RegionalFunctionArgs(
                region=region,
                account_id=args.account_id,
                package=args.packages.resolvers,
                handler="resolvers.handler.handler",
                timeout=_RESOLVER_TIMEOUT,
                environment=names,
                statements=[tables.grant_use(region, args.account_id, name) for name in names.values()],
            ),
            self._child_opts,
        )

    def _api(self, authorizer: RegionalFunction) -> aws.appsync.GraphQLApi:
        name, args, region = self._name, self._args, self._args.region.name
        log_role = self._appsync_role("log")
        api = aws.appsync.GraphQLApi(
            f"{name}-api",
            schema=args.api.schema,
            authentication_type="AWS_LAMBDA",
            lambda_authorizer_config={
                "authorizer_uri": authorizer.arn,
                "authorizer_result_ttl_in_seconds": _AUTHORIZER_RESULT_TTL,
            },
            # For what calls from within AWS: each field says by its directives whom it is open to.
            additional_authentication_providers=[{"authentication_type": "AWS_IAM"}],
            # Verbose content is request headers and bodies: tokens and users' data.
            log_config={
                "cloudwatch_logs_role_arn": log_role.arn,
                "field_log_level": "ERROR",
                "exclude_verbose_content": True,
            },
            introspection_config="DISABLED" if args.topology.protected else "ENABLED",
            query_depth_limit=_QUERY_DEPTH,
            resolver_count_limit=_RESOLVERS_A_REQUEST,
            xray_enabled=True,
            region=region,
            opts=self._child_opts,
        )
        # AppSync would make this group itself, keep it for ever, and leave it behind.
        log = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=pulumi.Output.concat("/aws/appsync/apis/", api.id),
            retention_in_days=LOG_RETENTION_DAYS,
            region=region,
            opts=self._child_opts,
        )
        write_log = iam.allow(["logs:CreateLogStream", "logs:PutLogEvents"], [pulumi.Output.concat(log.arn, ":*")])
        aws.iam.RolePolicy(
            f"{name}-log-policy", role=log_role.name, policy=iam.policy([write_log]), opts=self._child_opts
        )
        aws.lambda_.Permission(
            f"{name}-authorizer-permission",
            action="lambda:InvokeFunction",
            function=authorizer.function_name,
            principal="appsync.amazonaws.com",
            source_arn=api.arn,
            region=region,
            opts=self._child_opts,
        )
        return api

    def _fields(self, api: aws.appsync.GraphQLApi, resolvers: RegionalFunction) -> None:
        args, packages = self._args, self._args.packages
        fields = RegionalFields(self._name, api.id, args.region.name, self._child_opts)
        role = self._appsync_role("source")
        says_who_answered = packages.invoke.substitute(region=args.region.key)
        fields.of_function(
            arns.function(args.region.name, args.account_id, resolvers.function_name),
            resolvers.arn,
            role,
            # One field's code is enough for the header of the whole answer.
            {
                target: says_who_answered if target.partition(".")[0] in _SAY_WHO_ANSWERED else None
                for target in args.api.resolvers
            },
        )
        publish = {f"{MUTATIONS}.{field}": packages.publish for field in args.api.publications}
        fields.of_appsync("publications", publish)
        fields.of_appsync("subscribers", self._moving())

    def _moving(self) -> dict[str, str]:
        """The code of the fields by which subscribers can be moved elsewhere."""
        api, packages = self._args.api, self._args.packages
        if not api.subscriptions:
            return {}
        subscribe = dict.fromkeys(api.subscriptions, packages.subscribe)
        return {**subscribe, f"{MUTATIONS}.{api_subscribers.MOVE}": packages.move}

    def _domain(self, api: aws.appsync.GraphQLApi) -> None:
        name, args, region = self._name, self._args, self._args.region.name
        domain = aws.appsync.DomainName(
            f"{name}-domain",
            domain_name=args.region.host,
            certificate_arn=args.certificate_arn,
            region=region,
            # A name exists once in all of AWS, so the old one must go before a replacement comes.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        aws.appsync.DomainNameApiAssociation(
            f"{name}-association",
            api_id=api.id,
            domain_name=domain.domain_name,
            region=region,
            opts=self._child_opts,
        )
        aws.route53.Record(
            f"{name}-record",
            zone_id=args.zone_id,
            name=args.region.host,
            type="CNAME",
            ttl=_RECORD_TTL,
            records=[domain.appsync_domain_name],
            opts=self._child_opts,
        )

    def _appsync_role(self, purpose: str) -> aws.iam.Role:
        return aws.iam.Role(
            f"{self._name}-{purpose}-role",
            assume_role_policy=iam.trust_for_account("appsync.amazonaws.com", self._args.account_id),
            opts=self._child_opts,
        )

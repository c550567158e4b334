"""A region's way in for events of other systems, which become mutations of its API."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import arns, iam
from components.api_bus import Rule
from components.api_endpoint import ApiEndpoint
from components.dead_letters import DeadLetters, DeadLettersArgs

_LONGEST_RETRY = 3600  # seconds
_MOST_RETRIES = 185  # EventBridge's largest: time, not their number, ends them


@dataclass(frozen=True, kw_only=True)
class EventBusArgs:
    """`after`: what the mutations of the rules write; `topic` is told of events that became none."""

    endpoint: ApiEndpoint
    bus_name: str
    rules: Sequence[Rule]
    after: Sequence[pulumi.Resource]
    topic: pulumi.Input[str]


class EventBus(pulumi.ComponentResource):
    """An event -> the rule that it fits -> a mutation of the region's own API, called with the bus's own role.

    The mutation writes a table, so subscribers of all regions hear of it.
    """

    bus_name: pulumi.Output[str]
    letters: DeadLetters

    def __init__(self, name: str, args: EventBusArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:EventBus", name, {}, opts)
        self._name, self._args = name, args
        self._child_opts = pulumi.ResourceOptions(parent=self)
        region = args.endpoint.region.name

        letters = DeadLetters(
            f"{name}-letters",
            DeadLettersArgs(what="events that became no mutation", region=region, topic=args.topic),
            self._child_opts,
        )
        bus = aws.cloudwatch.EventBus(f"{name}-events", name=args.bus_name, region=region, opts=self._child_opts)
        role, calls = self._role()
        rules = [self._rule(rule, bus) for rule in args.rules]
        buries = aws.sqs.QueuePolicy(
            f"{name}-letters-policy",
            queue_url=letters.url,
            policy=_from_rules(args, letters, rules),
            region=region,
            opts=self._child_opts,
        )
        # With its target a rule goes into force.
        in_force = pulumi.ResourceOptions(parent=self, depends_on=[calls, buries, *args.after])
        for rule, made in zip(args.rules, rules, strict=True):
            self._target(rule, made, role, letters, in_force)
        self.bus_name, self.letters = bus.name, letters
        self.register_outputs({"busName": self.bus_name})

    def _role(self) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        name, endpoint = self._name, self._args.endpoint
        role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=iam.trust_for_account("events.amazonaws.com", endpoint.account_id),
            opts=self._child_opts,
        )
        mutations = sorted({rule.mutation for rule in self._args.rules})
        policy = aws.iam.RolePolicy(
            f"{name}-role-policy",
            role=role.name,
            policy=iam.policy([endpoint.grant_mutations(mutations)]),
            opts=self._child_opts,
        )
        return role, policy

    def _rule(self, rule: Rule, bus: aws.cloudwatch.EventBus) -> aws.cloudwatch.EventRule:
        return aws.cloudwatch.EventRule(
            f"{self._name}-{rule.name}-rule",
            name=rule.name,  # unique on its bus, which is this region's
            event_bus_name=bus.name,
            event_pattern=rule.pattern,
            region=self._args.endpoint.region.name,
            opts=self._child_opts,
        )

    def _target(
        self,
        rule: Rule,
        made: aws.cloudwatch.EventRule,
        role: aws.iam.Role,
        letters: DeadLetters,
        opts: pulumi.ResourceOptions,
    ) -> None:
        endpoint = self._args.endpoint
        aws.cloudwatch.EventTarget(
            f"{self._name}-{rule.name}-target",
            rule=made.name,
            event_bus_name=made.event_bus_name,
            target_id="api",
            arn=_endpoint_arn(endpoint),
            role_arn=role.arn,
            appsync_target={"graphql_operation": rule.operation},
            input_transformer={"input_paths": dict(rule.arguments), "input_template": rule.template},
            retry_policy={
                "maximum_event_age_in_seconds": _LONGEST_RETRY,
                "maximum_retry_attempts": _MOST_RETRIES,
            },
            dead_letter_config={"arn": letters.arn},
            region=endpoint.region.name,
            opts=opts,
        )


def _endpoint_arn(endpoint: ApiEndpoint) -> pulumi.Output[str]:
    """What EventBridge calls the API: by the id in its host, which is not the API's own.

    Source: the attribute GraphQLEndpointArn of "AWS::AppSync::GraphQLApi" in the AWS CloudFormation Template Reference.
    """
    id_ = pulumi.Output.all(endpoint.graphql_url, endpoint.api_id).apply(lambda known: endpoint_id(*known))
    return pulumi.Output.concat(
        f"arn:aws:appsync:{endpoint.region.name}:", endpoint.account_id, ":endpoints/graphql-api/", id_
    )


def endpoint_id(graphql_url: str, api_id: str) -> str:
    """The first label of AppSync's own host; where the host is none of AppSync's, it has no id but the API's."""
    host = re.match(r"https://([^./]+)\.appsync-api\.", graphql_url)
    return host[1] if host else api_id


def _from_rules(
    args: EventBusArgs, letters: DeadLetters, rules: Sequence[aws.cloudwatch.EventRule]
) -> pulumi.Output[str]:
    """Source: "Using dead-letter queues to process undelivered events" in the Amazon EventBridge User Guide."""
    region, account = args.endpoint.region.name, args.endpoint.account_id
    sources = [arns.event_rule(region, account, args.bus_name, rule.name) for rule in rules]
    statement = {
        **iam.allow(["sqs:SendMessage"], [arns.queue(region, account, letters.name)]),
        "Principal": {"Service": "events.amazonaws.com"},
        "Condition": {"ArnEquals": {"aws:SourceArn": sources}},
    }
    return iam.policy([statement])

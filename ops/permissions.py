"""What operating a stack takes: an IAM policy document for those who run its commands in an incident.

It names the stack's own resources, and holds for what is deployed now. Where a resource is "*", IAM knows none narrower
for the action. Probes, drain switches and the journal lie in one table: whoever may write one of these may not write
the others. And of all functions a sweep may delete those alone that have the stack's tag.

Whoever runs a command also reads the stack's outputs from the Pulumi backend; what that asks for is no part of this.
`up`, `shift` and `down` deploy, and need the rights of whoever deploys.

Source: "Actions, resources, and condition keys for AWS services" in the Service Authorization Reference.
sts:GetCallerIdentity, by which a record names who ran a command, takes no permission.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops import rotation
from ops.deployment import Deployment
from ops.stack_arns import StackArns

STATUS, VERIFY, LOGS = "status", "verify", "logs"
DRAIN, RESTORE, EVACUATE, SWEEP = "drain", "restore", "evacuate", "sweep"

COMMANDS = (STATUS, VERIFY, LOGS, DRAIN, RESTORE, EVACUATE, SWEEP)
"""The commands that such a document can be for."""

_SWITCHING = (DRAIN, RESTORE, EVACUATE)
_ANY = ("*",)
_UUID = "-".join("?" * count for count in (8, 4, 4, 4, 12))


@dataclass(frozen=True)
class Grant:
    """A part of a statement, and the commands that need it; one without resources is needed by nobody.

    Grants of one `sid` are one statement, and have one condition: each of its actions is then allowed on each of its
    resources that it applies to, and no ARN is written twice.
    """

    sid: str
    commands: Collection[str]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def document(deployment: Deployment, commands: Collection[str] = COMMANDS) -> dict[str, Any]:
    """The policy document for those who run `commands`, one at least of `COMMANDS`, on the stack.

    Raises:
        OperationError: the stack was deployed by an older version of this project, or can do none of the commands.
    """
    arns = StackArns(deployment)
    by_dns = deployment.outputs["router"] != "function"
    able = [command for command in commands if by_dns or command not in _SWITCHING]
    if not able:
        rotation.require_dns(deployment, ", ".join(commands))
    grants = [*_reading(arns, by_dns=by_dns), *_switching(arns), *_evacuating(arns)]
    grants += _sweeping(arns, deployment.told("domain"))
    needed = [grant for grant in grants if grant.resources and set(grant.commands) & set(able)]
    statements = [
        _statement([grant for grant in needed if grant.sid == sid])
        for sid in dict.fromkeys(each.sid for each in needed)
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(grants: Sequence[Grant]) -> dict[str, Any]:
    """Of grants of one sid."""
    condition = grants[0].condition
    return {
        "Sid": grants[0].sid,
        "Effect": "Allow",
        "Action": sorted({action for grant in grants for action in grant.actions}),
        "Resource": list(dict.fromkeys(arn for grant in grants for arn in grant.resources)),
        **({"Condition": dict(condition)} if condition else {}),
    }


def _reading(arns: StackArns, *, by_dns: bool) -> Iterator[Grant]:
    """What changes nothing but by probes, which `verify` writes and deletes."""
    yield from (Grant("ReadAll", commands, actions, _ANY) for commands, actions in _of_no_resource())
    yield Grant("ReadOperations", (STATUS, *_SWITCHING), ("dynamodb:BatchGetItem", "dynamodb:Scan"), arns.canary)
    yield Grant("ReadOperations", (VERIFY, EVACUATE), ("dynamodb:GetItem",), arns.canary)
    yield Grant("Probe", (VERIFY, EVACUATE), ("dynamodb:DeleteItem", "dynamodb:PutItem"), arns.canary, _items(_UUID))
    for commands, action, resources in _of_resources(arns, by_dns=by_dns):
        yield Grant("Read", commands, (action,), resources)
    # By itself: of no other function the code is read.
    yield Grant("ReadRouter", (VERIFY,), ("lambda:GetFunction",), arns.router_versions)


def _of_no_resource() -> Iterator[tuple[Collection[str], tuple[str, ...]]]:
    # "DescribeAlarms" in the Amazon CloudWatch API Reference: composite alarms are told only to who may see all alarms.
    yield (STATUS, VERIFY, *_SWITCHING), ("cloudwatch:DescribeAlarms",)
    yield (STATUS, EVACUATE), ("cloudwatch:GetMetricData",)
    yield (VERIFY,), ("appsync:GetIntrospectionSchema", "lambda:ListEventSourceMappings")


def _of_resources(arns: StackArns, *, by_dns: bool) -> Iterator[tuple[Collection[str], str, tuple[str, ...]]]:
    only = (VERIFY,)
    yield (only if by_dns else (VERIFY, LOGS)), "cloudfront:GetDistribution", arns.distribution
    yield only, "cloudfront:DescribeFunction", arns.edge_function
    yield only, "cloudfront:GetFunction", arns.edge_function
    yield only, "cloudfront-keyvaluestore:ListKeys", arns.edge_store
    yield only, "acm:DescribeCertificate", arns.certificates
    yield only, "route53:GetHostedZone", arns.zone
    yield only, "route53:ListResourceRecordSets", arns.zone
    yield only, "route53:GetHealthCheck", arns.health_checks
    yield _SWITCHING, "route53:GetHealthCheckStatus", arns.drain_checks
    yield only, "dynamodb:DescribeTable", arns.tables
    yield only, "lambda:GetFunctionConfiguration", arns.functions("authorizer", "fan-out")
    yield (LOGS,), "lambda:GetFunctionConfiguration", arns.functions("authorizer", "resolvers", "health", "fan-out")
    yield only, "lambda:GetPolicy", arns.functions("authorizer", "health")
    yield only, "iam:SimulatePrincipalPolicy", arns.roles("authorizer", "fan-out")
    yield only, "iam:GetRole", arns.router_role
    yield only, "secretsmanager:DescribeSecret", arns.token
    yield only, "secretsmanager:GetSecretValue", arns.token
    yield only, "appsync:GetGraphqlApi", arns.apis
    yield only, "appsync:GetDomainName", arns.hosts
    yield only, "appsync:GetApiAssociation", arns.hosts
    yield (VERIFY, EVACUATE), "sqs:GetQueueAttributes", arns.dead_letters
    yield (LOGS,), "logs:FilterLogEvents", arns.logs


def _switching(arns: StackArns) -> Iterator[Grant]:
    yield Grant("Switch", _SWITCHING, ("dynamodb:PutItem",), arns.canary, _items("drain/*"))
    yield Grant("Record", (*_SWITCHING, SWEEP), ("dynamodb:PutItem",), arns.canary, _items("operation/*"))


def _evacuating(arns: StackArns) -> Iterator[Grant]:
    yield Grant("Evacuate", (EVACUATE,), ("appsync:GraphQL",), arns.move)


def _sweeping(arns: StackArns, domain: str) -> Iterator[Grant]:
    find = ("cloudfront:ListDistributions", "logs:DescribeLogGroups", "tag:GetResources")
    yield Grant("SweepFind", (SWEEP,), find, _ANY)
    yield Grant("Sweep", (SWEEP,), ("account:ListRegions",), arns.account)
    yield Grant("Sweep", (SWEEP,), ("logs:DeleteLogGroup",), arns.any_edge_logs)
    tagged = {"StringEquals": {"aws:ResourceTag/antipodes:domain": domain}}
    functions = ("lambda:DeleteFunction", "lambda:ListVersionsByFunction")
    yield Grant("SweepTagged", (SWEEP,), functions, arns.any_edge_function, tagged)


def _items(id_: str) -> dict[str, dict[str, Any]]:
    """Of a table, the items with such an id alone.

    "Using IAM policy conditions for fine-grained access control" in the Amazon DynamoDB Developer Guide.
    """
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [id_]}}
